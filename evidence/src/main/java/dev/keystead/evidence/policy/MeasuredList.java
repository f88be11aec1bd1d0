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
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * An IMA list, binary or ASCII, as a source of a policy: what was measured is allowed. That the
 * machine was good is the owner's word.
 *
 * @param bytes the list from its first entry
 * @param templateHash the algorithm of its template hashes
 */
public record MeasuredList(byte[] bytes, HashAlg templateHash) {
  /** What of a list a policy takes. */
  public enum Part {
    /** Files, boot_aggregate among them. */
    FILES,
    /** Keys that were added to keyrings. */
    KEYRINGS,
    /** Other measured data. */
    BUFFERS;

    /** Everything. */
    public static final Set<Part> ALL = Set.copyOf(EnumSet.allOf(Part.class));
  }

  /**
   * Adds what the list holds to a policy. Violations allow nothing.
   *
   * @throws EvidenceException when the list cannot be read or an entry does not fit its hash
   */
  public void addTo(PolicyDraft draft, Set<Part> parts) {
    ImaReader reader = ImaReader.of(bytes, 0, templateHash);
    for (Optional<ImaEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
      ImaEntry entry = e.get();
      ImaJudge.requireWhole(entry);
      if (!entry.isViolation()) {
        add(entry, draft, parts);
      }
    }
  }

  private static void add(ImaEntry entry, PolicyDraft draft, Set<Part> parts) {
    Part part =
        entry
            .bytes(ImaField.BUF)
            .map(data -> ImaKey.find(data).isPresent() ? Part.KEYRINGS : Part.BUFFERS)
            .orElse(Part.FILES);
    if (!parts.contains(part)) {
      return;
    }
    String name = name(entry);
    String digest = entry.digest().hex();
    switch (part) {
      case FILES -> draft.allowFile(name, digest);
      case KEYRINGS -> draft.allowKey(name, digest);
      case BUFFERS -> draft.allowBuffer(name, digest);
    }
  }

  private static String name(ImaEntry entry) {
    try {
      return Json.of(entry.name()).value();
    } catch (JsonException e) {
      throw new EvidenceException(
          Finding.Code.POLICY_UNUSABLE,
          entry.where(),
          "its name is not UTF-8, and no policy can list such a name");
    }
  }

  /**
   * The algorithm that files are measured with: that of the first entry that is no violation and
   * says one. On a machine's own list this is boot_aggregate's.
   */
  public Optional<HashAlg> fileHash() {
    ImaReader reader = ImaReader.of(bytes, 0, templateHash);
    for (Optional<ImaEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
      ImaEntry entry = e.get();
      ImaJudge.requireWhole(entry);
      if (!entry.isViolation() && entry.digest().alg().isPresent()) {
        return entry.digest().alg();
      }
    }
    return Optional.empty();
  }
}
