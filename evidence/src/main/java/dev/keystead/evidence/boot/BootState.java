package dev.keystead.evidence.boot;

import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import java.util.ArrayList;
import java.util.List;

/**
 * What a boot log says about the boot, drawn from data that its digests cover, never from event
 * types or other data alone. It is true of a machine only where the log is a {@link
 * VerifiedBootLog}'s.
 *
 * @param secureBoot see {@link SecureBoot}
 * @param findings BOOT_EVENT_MISMATCH for each event whose data should be covered and is not, or
 *     that cannot stand where it does
 */
public record BootState(SecureBoot secureBoot, List<Finding> findings) {
  /** Takes a copy. */
  public BootState {
    findings = List.copyOf(findings);
  }

  /** Reads the events of {@code log} in order. */
  public static BootState of(BootLog log) {
    List<Finding> findings = new ArrayList<>();
    SecureBootReader secureBoot = new SecureBootReader();
    for (BootEvent event : log.events()) {
      if (event.isExtended()) {
        EventCheck.fault(event).ifPresent(fault -> findings.add(finding(event, fault)));
        if (event.pcr() == 7) {
          secureBoot.read(event).ifPresent(fault -> findings.add(finding(event, fault)));
        }
      }
    }
    return new BootState(secureBoot.state(), findings);
  }

  private static Finding finding(BootEvent event, String fault) {
    return new Finding(Code.BOOT_EVENT_MISMATCH, event.where(), fault);
  }
}
