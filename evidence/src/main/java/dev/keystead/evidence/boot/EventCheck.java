package dev.keystead.evidence.boot;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.tpm.structure.Digest;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether an event's digests are those of the data that its type says was measured. Only types
 * whose measured data is the event data, by the specification (PC Client Platform Firmware Profile,
 * table of event types) or by GRUB's habit, can be at fault; of the others the data is a hint.
 */
final class EventCheck {
  private static final byte[] ZERO = new byte[4];
  private static final byte[] ONES = {-1, -1, -1, -1};
  private static final byte[] ERROR = {1, 0, 0, 0};

  private EventCheck() {}

  /** What is wrong with the event, in words. */
  static Optional<String> fault(BootEvent event) {
    EventType type = EventType.find(event.typeId()).orElse(EventType.EV_NO_ACTION);
    return switch (type) {
      case EV_SEPARATOR -> separator(event);
      case EV_EFI_VARIABLE_DRIVER_CONFIG ->
          !event.coversData() ? uncovered(event) : variable(event);
      // Older versions of shim log one byte more than they measure.
      case EV_EFI_VARIABLE_AUTHORITY ->
          require(event, event.coversData() || event.coversDataWithoutLast(1));
      case EV_EFI_VARIABLE_BOOT, EV_EFI_VARIABLE_BOOT2 ->
          require(event, event.coversData() || coversVariableData(event));
      case EV_EFI_GPT_EVENT, EV_EFI_GPT_EVENT2, EV_S_CRTM_VERSION ->
          require(event, event.coversData());
      case EV_ACTION, EV_EFI_ACTION ->
          require(event, event.coversData() || coversWithoutTerminator(event));
      case EV_IPL -> grub(event);
      default -> Optional.empty();
    };
  }

  /** Whether the digests are those of a separator, which ends the firmware's part of a PCR. */
  static boolean isSeparator(BootEvent event) {
    return event.covers(ZERO) || event.covers(ONES) || event.covers(ERROR);
  }

  private static Optional<String> separator(BootEvent event) {
    if (event.covers(ERROR)) {
      return Optional.of("the firmware measured an error instead of a separator");
    }
    if (!event.coversData()) {
      return uncovered(event);
    }
    boolean known = Arrays.equals(event.data(), ZERO) || Arrays.equals(event.data(), ONES);
    return event.pcr() > 7 || known
        ? Optional.empty()
        : Optional.of("a separator of " + event.text() + ", not 00000000 or ffffffff");
  }

  private static Optional<String> variable(BootEvent event) {
    try {
      EfiVariable.parse(event.data());
      return Optional.empty();
    } catch (EvidenceException e) {
      return Optional.of("its data is no UEFI variable: " + e.finding().detail());
    }
  }

  /** Some firmware, such as OVMF, measures a boot variable's value without its name. */
  private static boolean coversVariableData(BootEvent event) {
    try {
      return event.covers(EfiVariable.parse(event.data()).data());
    } catch (EvidenceException e) {
      return false;
    }
  }

  private static Optional<String> grub(BootEvent event) {
    boolean needed = event.pcr() == 8 && GrubText.isLabelled(event);
    return require(event, !needed || GrubText.of(event).isPresent());
  }

  private static boolean coversWithoutTerminator(BootEvent event) {
    byte[] data = event.data();
    return data.length > 0 && data[data.length - 1] == 0 && event.coversDataWithoutLast(1);
  }

  private static Optional<String> require(BootEvent event, boolean covered) {
    return covered ? Optional.empty() : uncovered(event);
  }

  private static Optional<String> uncovered(BootEvent event) {
    String digests =
        new TreeMap<>(event.digests())
            .values().stream().map(Digest::toString).collect(Collectors.joining(", "));
    return Optional.of("%s is not what its digests %s cover".formatted(event.text(), digests));
  }
}
