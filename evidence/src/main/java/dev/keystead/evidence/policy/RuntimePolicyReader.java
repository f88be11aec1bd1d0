package dev.keystead.evidence.policy;

import dev.keystead.evidence.ima.ImaKey;
import dev.keystead.evidence.ima.Keyring;
import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.pattern.LinearPattern;
import dev.keystead.evidence.pattern.PatternException;
import dev.keystead.tpm.structure.HashAlg;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the JSON form of a runtime policy. */
final class RuntimePolicyReader {
  private static final int MOST_DIGESTS = 1_000;
  private static final int MOST_PATTERNS = 10_000;
  private static final int MOST_KEYRINGS = 1_000;
  private static final Set<String> TEMPLATE_HASHES = Set.of("sha1", "sha256", "sha384", "sha512");

  private final DigestTable digests;
  private final LinearPattern excludes;
  private final DigestTable keyrings;
  private final DigestTable buffers;
  private final Set<String> ignoredKeyrings;
  private final LinearPattern toleratedViolations;
  private final HashAlg templateHash;
  private final Keyring verificationKeys;

  RuntimePolicyReader(Json.Obj json) {
    Fields policy = json.fields("");
    readMeta(policy.object("meta"));
    policy.integer("release", 0, Integer.MAX_VALUE);
    digests = table(policy.object("digests"), "digests");
    excludes = pattern(policy.list("excludes", MOST_PATTERNS), "excludes");
    keyrings = table(policy.object("keyrings"), "keyrings");
    buffers = table(policy.object("ima-buf"), "ima-buf");
    verificationKeys = keys(policy.field("verification-keys"));
    Fields ima = policy.object("ima");
    ignoredKeyrings =
        ima.list("ignored_keyrings", MOST_KEYRINGS).stream()
            .map(Field::text)
            .collect(Collectors.toUnmodifiableSet());
    templateHash = templateHash(ima.field("log_hash_alg"));
    if (ima.optional("dm_policy").isPresent()) {
      throw new JsonException("ima.dm_policy: only null is supported");
    }
    toleratedViolations =
        pattern(
            ima.optionalList("tolerated_violations", MOST_PATTERNS), "ima.tolerated_violations");
    ima.done();
    policy.done();
  }

  DigestTable digests() {
    return digests;
  }

  LinearPattern excludes() {
    return excludes;
  }

  DigestTable keyrings() {
    return keyrings;
  }

  DigestTable buffers() {
    return buffers;
  }

  Set<String> ignoredKeyrings() {
    return ignoredKeyrings;
  }

  LinearPattern toleratedViolations() {
    return toleratedViolations;
  }

  HashAlg templateHash() {
    return templateHash;
  }

  Keyring verificationKeys() {
    return verificationKeys;
  }

  /** What describes the policy may grow further fields; they decide nothing. */
  private static void readMeta(Fields meta) {
    meta.integer("version", 1, 1);
    meta.optionalInteger("generator", 0, 3);
    meta.optionalText("timestamp");
  }

  private static HashAlg templateHash(Field field) {
    String label = field.text();
    if (!TEMPLATE_HASHES.contains(label)) {
      throw field.fault("expected sha1, sha256, sha384 or sha512");
    }
    return HashAlg.named(label).orElseThrow();
  }

  private static LinearPattern pattern(List<Field> fields, String where) {
    try {
      return LinearPattern.anyOf(fields.stream().map(Field::text).toList());
    } catch (PatternException e) {
      throw new JsonException(where + ": " + e.getMessage());
    }
  }

  private static DigestTable table(Fields names, String where) {
    DigestTable.Builder table = new DigestTable.Builder();
    for (String name : names.names()) {
      List<Field> items = names.list(name, MOST_DIGESTS);
      if (items.isEmpty()) {
        throw new JsonException(where + ": a name without digests");
      }
      List<byte[]> digests = new ArrayList<>(items.size());
      for (Field item : items) {
        digests.add(digest(item));
      }
      table.put(name, digests);
    }
    return table.build();
  }

  private static byte[] digest(Field field) {
    String hex = field.text(128);
    if (hex.length() < 40 || hex.length() % 2 != 0 || !hex.equals(hex.toLowerCase(Locale.ROOT))) {
      throw field.fault("expected 40 to 128 digits of lower-case hex");
    }
    try {
      return HexFormat.of().parseHex(hex);
    } catch (IllegalArgumentException e) {
      throw field.fault("expected 40 to 128 digits of lower-case hex");
    }
  }

  /** Keylime keeps the keyring as JSON text, at times quoted once more. */
  static Keyring keys(Field field) {
    if (field.value() instanceof Json.Null || field.text().isEmpty()) {
      return Keyring.EMPTY;
    }
    Json json = Json.parse(field.text(), Limits.WIRE);
    if (json instanceof Json.Str quoted) {
      json = Json.parse(quoted.value(), Limits.WIRE);
    }
    if (json instanceof Json.Arr none && none.items().isEmpty()) {
      return Keyring.EMPTY;
    }
    Fields ring = new Field(field.path(), json).fields();
    ring.optional("meta");
    List<Field> ids = ring.optionalList("keyids", Keyring.MOST_KEYS);
    List<ImaKey> keys = new ArrayList<>();
    for (Field key : ring.list("pubkeys", Keyring.MOST_KEYS)) {
      long id = keys.size() < ids.size() ? ids.get(keys.size()).integer(0L, 0xffffffffL) : 0;
      keys.add(key(key, (int) id));
    }
    ring.done();
    return new Keyring(keys);
  }

  /** An id of zero is one that is not given. */
  private static ImaKey key(Field field, int id) {
    try {
      ImaKey key = ImaKey.of(ImaKey.parseKey(field.bytes64(ImaKey.LARGEST)));
      return id == 0 ? key : new ImaKey(id, key.key());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw field.fault("expected an RSA key of 2048 bits or more, or an EC key of 256 or more");
    }
  }
}
