package dev.keystead.evidence.policy;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.ima.Keyring;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.pattern.LinearPattern;
import dev.keystead.tpm.structure.HashAlg;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keylime's runtime policy, version 1: which files may be measured, with which digests or signed by
 * whom. Immutable, for use by many threads and for many machines.
 *
 * <p>One field is ours: {@code ima.tolerated_violations}, an optional list of patterns; a violation
 * counts unless one of them matches the whole name of its file.
 */
public final class RuntimePolicy {
  private final DigestTable digests;
  private final LinearPattern excludes;
  private final DigestTable keyrings;
  private final DigestTable buffers;
  private final Set<String> ignoredKeyrings;
  private final LinearPattern toleratedViolations;
  private final HashAlg templateHash;
  private final Keyring verificationKeys;

  RuntimePolicy(RuntimePolicyReader reader) {
    this.digests = reader.digests();
    this.excludes = reader.excludes();
    this.keyrings = reader.keyrings();
    this.buffers = reader.buffers();
    this.ignoredKeyrings = reader.ignoredKeyrings();
    this.toleratedViolations = reader.toleratedViolations();
    this.templateHash = reader.templateHash();
    this.verificationKeys = reader.verificationKeys();
  }

  /**
   * Parses the JSON form, all of which must be as Keylime defines it.
   *
   * @throws EvidenceException with POLICY_UNUSABLE
   */
  public static RuntimePolicy parse(byte[] json) {
    try {
      return of(Json.parseObject(json, Limits.POLICY));
    } catch (JsonException e) {
      throw unusable(e.getMessage());
    }
  }

  /**
   * Reads the JSON form.
   *
   * @throws EvidenceException with POLICY_UNUSABLE
   */
  public static RuntimePolicy of(Json.Obj json) {
    try {
      return new RuntimePolicy(new RuntimePolicyReader(json));
    } catch (JsonException e) {
      throw unusable(e.getMessage());
    }
  }

  /** How many names have digests. */
  public int fileCount() {
    return digests.size();
  }

  /** The algorithm of the template hashes in the lists that it judges. */
  public HashAlg templateHash() {
    return templateHash;
  }

  /** The keys that files may be signed with, before any are learned. */
  public Keyring verificationKeys() {
    return verificationKeys;
  }

  DigestTable digests() {
    return digests;
  }

  DigestTable keyrings() {
    return keyrings;
  }

  DigestTable buffers() {
    return buffers;
  }

  boolean excludes(String name) {
    return excludes.matchesPrefix(name);
  }

  boolean ignoresKeyring(String name) {
    return ignoredKeyrings.contains("*") || ignoredKeyrings.contains(name);
  }

  boolean toleratesViolation(String name) {
    return toleratedViolations.matchesAll(name);
  }

  static EvidenceException unusable(@Nullable String detail) {
    return new EvidenceException(
        Finding.Code.POLICY_UNUSABLE, "runtime policy", String.valueOf(detail));
  }
}
