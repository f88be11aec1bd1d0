package dev.keystead.evidence.boot;

import dev.keystead.evidence.EvidenceException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Follows PCR 7 for the state of Secure Boot. The firmware measures the variable before the
 * separator; whoever comes later can only extend behind it. So the state is known only if every
 * event up to the separator is understood, by digests and not by labels: an event whose data was
 * exchanged for something else may have been the one that mattered.
 */
final class SecureBootReader {
  private final Map<String, byte[]> seen = new HashMap<>();
  private boolean understood = true;
  private boolean separated;
  private SecureBoot stated = SecureBoot.UNKNOWN;

  /** Takes the next extended event of PCR 7 and says what is wrong with its place, if anything. */
  Optional<String> read(BootEvent event) {
    Optional<EfiVariable> variable = variable(event);
    if (separated) {
      return variable.filter(SecureBootReader::isSecureBoot).isPresent()
          ? Optional.of("the variable SecureBoot is measured behind the separator")
          : Optional.empty();
    }
    if (EventCheck.isSeparator(event)) {
      separated = true;
      understood &= EventCheck.fault(event).isEmpty();
      return event.is(EventType.EV_SEPARATOR)
          ? Optional.empty()
          : Optional.of("its digests are those of a separator, which it is not called");
    }
    understood &= variable.isPresent() || isHarmlessText(event);
    // Authorities repeat db with the one key that was used.
    return variable
        .filter(v -> isSecureBoot(v) || !event.is(EventType.EV_EFI_VARIABLE_AUTHORITY))
        .flatMap(this::remember);
  }

  /** The state, after the last event. */
  SecureBoot state() {
    return understood && separated ? stated : SecureBoot.UNKNOWN;
  }

  private Optional<String> remember(EfiVariable variable) {
    byte[] before = seen.put(variable.vendor() + variable.name(), variable.data());
    if (before != null && !Arrays.equals(before, variable.data())) {
      understood = false;
      return Optional.of("the variable is measured again with another value");
    }
    if (isSecureBoot(variable)) {
      stated =
          switch (variable.data()) {
            case byte[] data when data.length == 1 && data[0] == 1 -> SecureBoot.ON;
            case byte[] data when data.length == 1 && data[0] == 0 -> SecureBoot.OFF;
            default -> SecureBoot.UNKNOWN;
          };
    }
    return Optional.empty();
  }

  private static boolean isSecureBoot(EfiVariable variable) {
    return variable.is(EfiVariable.GLOBAL, "SecureBoot");
  }

  /**
   * Firmware also measures what it does, in plain words. A debugger could have changed anything, so
   * nothing that is measured beside it means anything.
   */
  private static boolean isHarmlessText(BootEvent event) {
    for (byte b : event.data()) {
      if (b < ' ') {
        return false;
      }
    }
    return event.coversData()
        && !new String(event.data(), StandardCharsets.US_ASCII).contains("Debug Mode");
  }

  private static Optional<EfiVariable> variable(BootEvent event) {
    if (!event.coversData()) {
      return Optional.empty();
    }
    try {
      return Optional.of(EfiVariable.parse(event.data()));
    } catch (EvidenceException e) {
      return Optional.empty();
    }
  }
}
