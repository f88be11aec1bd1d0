package dev.keystead.evidence.reference;

import dev.keystead.evidence.boot.BootEvent;
import dev.keystead.evidence.boot.EventType;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A boot event as reference values keep it. Type and text are for people.
 *
 * @param number its number in the log
 * @param pcr the PCR that it was extended into
 * @param type its type's name
 * @param text what it says
 * @param digests one for each bank of the reference values
 */
public record ReferenceEvent(
    int number, int pcr, String type, String text, Map<HashAlg, Digest> digests) {
  /** Takes a copy. */
  public ReferenceEvent {
    digests = Map.copyOf(digests);
  }

  /** The event with its digests of these banks. */
  static ReferenceEvent of(BootEvent event, Set<HashAlg> banks) {
    Map<HashAlg, Digest> digests = new EnumMap<>(HashAlg.class);
    event
        .digests()
        .forEach((bank, digest) -> {
          if (banks.contains(bank)) {
            digests.put(bank, digest);
          }
        });
    return new ReferenceEvent(
        event.number(), event.pcr(), EventType.label(event.typeId()), event.text(), digests);
  }

  /** {@code boot event 12, PCR 4, EV_EFI_ACTION}. */
  String where() {
    return "boot event %d, PCR %d, %s".formatted(number, pcr, type);
  }

  /** {@code "text" with sha256:...}. */
  String words() {
    return "\"%s\" with %s"
        .formatted(
            text,
            digests.values().stream()
                .map(Digest::toString)
                .sorted()
                .collect(Collectors.joining(" ")));
  }
}
