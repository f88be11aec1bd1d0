package dev.keystead.evidence.policy;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.ima.BootAggregate;
import dev.keystead.evidence.ima.FileSignature;
import dev.keystead.evidence.ima.ImaEntry;
import dev.keystead.evidence.ima.ImaField;
import dev.keystead.evidence.ima.ImaKey;
import dev.keystead.evidence.ima.ImaReplay;
import dev.keystead.evidence.ima.Keyring;
import dev.keystead.evidence.ima.MeasuredDigest;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.tpm.structure.HashAlg;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Judges the entries of one list in their order by a runtime policy. It remembers nothing but the
 * keys that it learned from entries that the policy accepts. A file is accepted when the policy
 * excludes it, when a key of the policy or a learned one signed its digest, or when the policy
 * lists its digest.
 */
public final class ImaJudge {
  /** What became of an entry that is accepted. */
  public enum Accepted {
    /** A file, by its digest or signature. */
    FILE,
    /** A name that the policy leaves out. */
    EXCLUDED,
    /** A key or other data. */
    BUFFER,
    /** The digest of the boot PCRs. */
    BOOT_AGGREGATE,
    /** A violation that the policy tolerates. */
    TOLERATED
  }

  private final RuntimePolicy policy;
  private final PcrValues bootPcrs;
  private Keyring learned;

  /**
   * A judge that goes on where another stopped.
   *
   * @param learned the keys learned before
   * @param bootPcrs verified values of the boot PCRs, as far as they are known
   */
  public ImaJudge(RuntimePolicy policy, Keyring learned, PcrValues bootPcrs) {
    this.policy = policy;
    this.learned = learned;
    this.bootPcrs = bootPcrs;
  }

  /** The keys learned so far. */
  public Keyring learned() {
    return learned;
  }

  /**
   * Judges the next entry.
   *
   * @throws EvidenceException with the reason why it is not accepted
   */
  public Accepted judge(ImaEntry entry) {
    requireWhole(entry);
    String name = entry.name();
    if (entry.isViolation()) {
      if (!policy.toleratesViolation(name)) {
        throw violation(entry);
      }
      return Accepted.TOLERATED;
    }
    MeasuredDigest digest = entry.digest();
    Optional<byte[]> buffer = entry.bytes(ImaField.BUF);
    if (buffer.isPresent()) {
      return buffer(entry, name, digest, buffer.get());
    }
    if (name.equals(BootAggregate.NAME)) {
      return bootAggregate(entry, digest);
    }
    return file(entry, name, digest);
  }

  /**
   * Requires what holds under any policy and none: a known template, data that fits its hash, the
   * PCR that is quoted.
   *
   * @throws EvidenceException with IMA_TEMPLATE_UNKNOWN, IMA_ENTRY_MISMATCH or IMA_LIST_MISMATCH
   */
  public static void requireWhole(ImaEntry entry) {
    if (entry.pcr() != ImaReplay.PCR) {
      throw refused(
          Code.IMA_LIST_MISMATCH,
          entry,
          "it says it extended PCR %d; only PCR %d is followed"
              .formatted(entry.pcr(), ImaReplay.PCR));
    }
    if (entry.template().isEmpty()) {
      throw refused(
          Code.IMA_TEMPLATE_UNKNOWN,
          entry,
          "its template is not known: " + entry.templateName().replaceAll("[^a-zA-Z0-9|_-]", "?"));
    }
    if (!entry.fits() && !entry.isViolation()) {
      throw refused(
          Code.IMA_ENTRY_MISMATCH,
          entry,
          "its data does not hash to its template hash " + entry.templateHashHex());
    }
  }

  /** The refusal of a violation that nobody tolerates. */
  public static EvidenceException violation(ImaEntry entry) {
    return refused(
        Code.IMA_VIOLATION,
        entry,
        "the file was written to while it was measured or in use; what ran is not known");
  }

  private Accepted bootAggregate(ImaEntry entry, MeasuredDigest digest) {
    if (!BootAggregate.check(digest, bootPcrs)) {
      requireListed(entry, BootAggregate.NAME, digest, "");
    }
    return Accepted.BOOT_AGGREGATE;
  }

  private Accepted file(ImaEntry entry, String name, MeasuredDigest digest) {
    requireKnown(entry, digest);
    if (policy.digests().allows(name, digest.value())) {
      return Accepted.FILE;
    }
    if (policy.excludes(name)) {
      return Accepted.EXCLUDED;
    }
    String unsigned = "";
    Optional<byte[]> signature = entry.bytes(ImaField.SIG).or(() -> entry.bytes(ImaField.EVMSIG));
    if (signature.isPresent() && signature.get().length > 0) {
      try {
        FileSignature.parse(signature.get())
            .verify(digest, List.of(policy.verificationKeys(), learned));
        return Accepted.FILE;
      } catch (EvidenceException e) {
        if (!policy.digests().lists(name) && !policy.verificationKeys().isEmpty()) {
          throw refused(
              Code.FILE_SIGNATURE_INVALID,
              entry,
              "%s, and the policy does not list this file; its digest is %s"
                  .formatted(e.finding().detail(), digest));
        }
        unsigned = "; " + e.finding().detail();
      }
    }
    requireListed(entry, name, digest, unsigned);
    return Accepted.FILE;
  }

  private void requireListed(ImaEntry entry, String name, MeasuredDigest digest, String unsigned) {
    if (!policy.digests().lists(name)) {
      throw refused(
          Code.FILE_NOT_IN_POLICY,
          entry,
          "the policy does not list this file; its digest is " + digest + unsigned);
    }
    if (!policy.digests().allows(name, digest.value())) {
      throw refused(
          Code.FILE_DIGEST_REFUSED,
          entry,
          "its digest is %s, the policy allows %s%s"
              .formatted(digest, policy.digests().words(name), unsigned));
    }
  }

  private Accepted buffer(ImaEntry entry, String name, MeasuredDigest digest, byte[] data) {
    HashAlg alg = requireKnown(entry, digest);
    if (!Arrays.equals(alg.hash(data), digest.value())) {
      throw refused(
          Code.IMA_ENTRY_MISMATCH, entry, "its data does not hash to its digest " + digest);
    }
    if (policy.excludes(name)) {
      return Accepted.EXCLUDED;
    }
    Optional<ImaKey> key = ImaKey.find(data);
    if (key.isEmpty()) {
      requireBuffer(entry, policy.buffers(), name, digest, "buffer");
      return Accepted.BUFFER;
    }
    if (!policy.ignoresKeyring(name)) {
      requireBuffer(entry, policy.keyrings(), name, digest, "key of keyring");
      learned = learned.with(key.get());
    }
    return Accepted.BUFFER;
  }

  private static void requireBuffer(
      ImaEntry entry, DigestTable table, String name, MeasuredDigest digest, String what) {
    if (!table.allows(name, digest.value())) {
      String allowed =
          table.lists(name) ? "allows " + table.words(name) : "does not list this name";
      throw refused(
          Code.BUFFER_REFUSED,
          entry,
          "a %s with digest %s; the policy %s".formatted(what, digest, allowed));
    }
  }

  private static HashAlg requireKnown(ImaEntry entry, MeasuredDigest digest) {
    return digest
        .alg()
        .orElseThrow(() ->
            refused(
                Code.FILE_DIGEST_REFUSED,
                entry,
                "its digest of %d bytes is of an algorithm that is not known: %s"
                    .formatted(
                        digest.value().length, digest.label().replaceAll("[^a-zA-Z0-9:_-]", "?"))));
  }

  private static EvidenceException refused(Code code, ImaEntry entry, String detail) {
    return new EvidenceException(new Finding(code, entry.where(), detail));
  }
}
