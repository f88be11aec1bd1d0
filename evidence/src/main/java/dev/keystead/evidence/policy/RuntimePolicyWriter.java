package dev.keystead.evidence.policy;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.ima.ImaEntry;
import dev.keystead.evidence.ima.ImaField;
import dev.keystead.evidence.ima.ImaKey;
import dev.keystead.evidence.ima.ImaReader;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.tpm.structure.HashAlg;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes a runtime policy from the list of a machine that is known to be good. */
public final class RuntimePolicyWriter {
  private static final int VERSION = 1;
  private static final int COMPATIBLE = 2;
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final SortedMap<String, SortedSet<String>> digests = new TreeMap<>();
  private final SortedMap<String, SortedSet<String>> keyrings = new TreeMap<>();
  private final SortedMap<String, SortedSet<String>> buffers = new TreeMap<>();

  private RuntimePolicyWriter() {}

  /**
   * A policy that allows what the list holds: every file with every digest measured, boot_aggregate
   * among them, keys and other data. Violations allow nothing.
   *
   * @param templateHash the algorithm of the list's template hashes
   * @throws EvidenceException when the list cannot be read or an entry does not fit its hash
   */
  public static Json.Obj fromList(byte[] list, HashAlg templateHash, Instant now) {
    RuntimePolicyWriter writer = new RuntimePolicyWriter();
    ImaReader reader = ImaReader.of(list, 0, templateHash);
    for (Optional<ImaEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
      writer.add(e.get());
    }
    return writer.write(templateHash, now);
  }

  private void add(ImaEntry entry) {
    ImaJudge.requireWhole(entry);
    if (entry.isViolation()) {
      return;
    }
    Optional<byte[]> buffer = entry.bytes(ImaField.BUF);
    SortedMap<String, SortedSet<String>> table =
        buffer.isEmpty() ? digests : ImaKey.find(buffer.get()).isPresent() ? keyrings : buffers;
    try {
      String name = Json.of(entry.name()).value();
      table.computeIfAbsent(name, k -> new TreeSet<>()).add(entry.digest().hex());
    } catch (JsonException e) {
      throw new EvidenceException(
          Finding.Code.POLICY_UNUSABLE,
          entry.where(),
          "its name is not UTF-8, and no policy can list such a name");
    }
  }

  private Json.Obj write(HashAlg templateHash, Instant now) {
    return Json.object()
        .put(
            "meta",
            Json.object()
                .put("version", VERSION)
                .put("generator", COMPATIBLE)
                .put("timestamp", TIMESTAMP.format(now)))
        .put("release", 0)
        .put("digests", table(digests))
        .put("excludes", Json.array(List.of()))
        .put("keyrings", table(keyrings))
        .put(
            "ima",
            Json.object()
                .put("ignored_keyrings", Json.array(List.of()))
                .put("log_hash_alg", templateHash.label())
                .putNull("dm_policy"))
        .put("ima-buf", table(buffers))
        .put("verification-keys", "")
        .build();
  }

  private static Json.Obj table(Map<String, SortedSet<String>> table) {
    SortedMap<String, Json> members = new TreeMap<>();
    table.forEach((name, hexes) -> members.put(name, Json.strings(List.copyOf(hexes))));
    return Json.object(members);
  }
}
