package dev.keystead.evidence.policy;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.ima.ImaKey;
import dev.keystead.evidence.ima.Keyring;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.tpm.structure.HashAlg;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A runtime policy of version 1 in the making: what several sources allow, merged. Names and
 * digests are sorted, so that equal sources give equal policies. Not for use by several threads at
 * once.
 */
public final class PolicyDraft {
  private static final int VERSION = 1;
  private static final int COMPATIBLE = 2;
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final HashAlg[] ALGORITHMS = HashAlg.values();
  private static final int MOST_DIGESTS = 1_000;

  private final SortedMap<String, SortedSet<String>> digests = new TreeMap<>();
  private final SortedMap<String, SortedSet<String>> keyrings = new TreeMap<>();
  private final SortedMap<String, SortedSet<String>> buffers = new TreeMap<>();
  private final SortedSet<String> excludes = new TreeSet<>();
  private final SortedSet<String> ignoredKeyrings = new TreeSet<>();
  private final SortedSet<String> toleratedViolations = new TreeSet<>();
  private final SortedMap<Long, String> verificationKeys = new TreeMap<>();
  private int release;
  private HashAlg templateHash = HashAlg.SHA1;

  /** A policy that allows nothing yet. */
  public PolicyDraft() {}

  /** Allows a file to have this digest, in lower-case hex of a hash algorithm's length. */
  public void allowFile(String name, String digest) {
    allow(digests, name, digest);
  }

  /** Allows a key with this digest to be added to a keyring. */
  public void allowKey(String keyring, String digest) {
    allow(keyrings, keyring, digest);
  }

  /** Allows other measured data with this digest. */
  public void allowBuffer(String name, String digest) {
    allow(buffers, name, digest);
  }

  private static void allow(
      SortedMap<String, SortedSet<String>> table, String name, String digest) {
    if (algorithm(digest).isEmpty()) {
      throw RuntimePolicy.unusable("not a digest in lower-case hex: " + clip(digest));
    }
    SortedSet<String> of = table.computeIfAbsent(requireText(name), key -> new TreeSet<>());
    if (of.add(digest) && of.size() > MOST_DIGESTS) {
      throw RuntimePolicy.unusable(
          "more than %,d digests for %s".formatted(MOST_DIGESTS, clip(name)));
    }
  }

  /** The algorithm with digests of this length in lower-case hex; SHA-256 where it is open. */
  public static Optional<HashAlg> algorithm(String digest) {
    for (int i = 0; i < digest.length(); i++) {
      char c = digest.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return Optional.empty();
      }
    }
    return Arrays.stream(ALGORITHMS).filter(a -> digest.length() == 2 * a.size()).findFirst();
  }

  private static String requireText(String name) {
    try {
      return Json.of(name).value();
    } catch (JsonException e) {
      throw RuntimePolicy.unusable("a name is not UTF-8, and no policy can list such a name");
    }
  }

  static String clip(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  /** Leaves files unjudged whose name begins with a match of this pattern. */
  public void exclude(String pattern) {
    excludes.add(requireText(pattern));
  }

  /** Leaves keys unjudged that are added to this keyring; {@code *} stands for all keyrings. */
  public void ignoreKeyring(String name) {
    ignoredKeyrings.add(requireText(name));
  }

  /** Tolerates violations of files whose whole name matches this pattern. */
  public void tolerateViolation(String pattern) {
    toleratedViolations.add(requireText(pattern));
  }

  /** Allows files that this key signed. */
  public void trust(ImaKey key) {
    verificationKeys.put(
        Integer.toUnsignedLong(key.id()),
        java.util.Base64.getEncoder().encodeToString(key.key().getEncoded()));
  }

  /** Sets the algorithm of the template hashes in the lists that will be judged. */
  public void templateHash(HashAlg alg) {
    templateHash = alg;
  }

  void release(int number) {
    release = number;
  }

  /** How many names of files have digests. */
  public int fileCount() {
    return digests.size();
  }

  /** The digests by name of file, in their order; a view. */
  public Map<String, SortedSet<String>> files() {
    return java.util.Collections.unmodifiableMap(digests);
  }

  /** The algorithm that the first file's digest has by its length, if there is a file. */
  public Optional<HashAlg> fileHash() {
    return digests.values().stream().findFirst().flatMap(set -> algorithm(set.first()));
  }

  /**
   * The policy.
   *
   * @throws EvidenceException with POLICY_UNUSABLE when a pattern or key cannot be used, or there
   *     is more of something than a policy may hold
   */
  public Json.Obj toJson(Instant now) {
    var ima =
        Json.object()
            .put("ignored_keyrings", Json.strings(List.copyOf(ignoredKeyrings)))
            .put("log_hash_alg", templateHash.label())
            .putNull("dm_policy");
    if (!toleratedViolations.isEmpty()) {
      ima.put("tolerated_violations", Json.strings(List.copyOf(toleratedViolations)));
    }
    RuntimePolicy.of(json(now, ima, false));
    return json(now, ima, true);
  }

  /** Digests are checked as they come in; what else there is, by the policy's own reader. */
  private Json.Obj json(Instant now, JsonObjectBuilder ima, boolean files) {
    return Json.object()
        .put(
            "meta",
            Json.object()
                .put("version", VERSION)
                .put("generator", COMPATIBLE)
                .put("timestamp", TIMESTAMP.format(now)))
        .put("release", release)
        .put("digests", files ? table(digests) : Json.object().build())
        .put("excludes", Json.strings(List.copyOf(excludes)))
        .put("keyrings", table(keyrings))
        .put("ima", ima)
        .put("ima-buf", table(buffers))
        .put("verification-keys", keyring())
        .build();
  }

  private String keyring() {
    if (verificationKeys.isEmpty()) {
      return "";
    }
    return Json.object()
        .put("pubkeys", Json.strings(List.copyOf(verificationKeys.values())))
        .put("keyids", Json.array(verificationKeys.keySet().stream().map(Json::of).toList()))
        .build()
        .toString();
  }

  /** A keyring as Keylime's JSON text. */
  public static String keyring(Keyring keys) {
    PolicyDraft draft = new PolicyDraft();
    keys.keys().forEach(draft::trust);
    return draft.keyring();
  }

  private static Json.Obj table(Map<String, SortedSet<String>> table) {
    Map<String, Json> members = new LinkedHashMap<>(2 * table.size());
    for (Map.Entry<String, SortedSet<String>> entry : table.entrySet()) {
      List<Json> digests = new ArrayList<>(entry.getValue().size());
      for (String hex : entry.getValue()) {
        digests.add(Json.of(hex));
      }
      members.put(entry.getKey(), Json.array(digests));
    }
    return Json.object(members);
  }

  /** The digests alone, as older allow lists have them: one digest and name in a line. */
  public String toAllowList() {
    StringBuilder lines = new StringBuilder();
    digests.forEach((name, hexes) -> hexes.forEach(hex -> line(lines, hex, name)));
    return lines.toString();
  }

  private static void line(StringBuilder lines, String hex, String name) {
    if (name.indexOf('\n') >= 0 || name.indexOf('\r') >= 0) {
      throw RuntimePolicy.unusable("a name holds a line break, which an allow list cannot hold");
    }
    lines.append(hex).append("  ").append(name).append('\n');
  }
}
