package dev.keystead.node.host.setup;

import dev.keystead.node.embedded.EmbeddedTpm;
import dev.keystead.node.embedded.TpmMaker;
import dev.keystead.node.identity.KeyAlgorithms;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.transport.TpmAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * Which TPM a host stands on, and by which of its PCRs the operating system is measured.
 *
 * @param tpm where the TPM is
 * @param pcrs of the SHA-256 bank; not those that change while the system runs, such as 10 (IMA)
 */
public record HostPlatform(TpmAddress tpm, List<Integer> pcrs) {
  /** Firmware, boot loader and kernel. */
  public static final List<Integer> BOOT_PCRS = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 14);

  private static final KeyAlgorithms KEYS = KeyAlgorithms.named("ecc256");

  /** Requires PCRs that exist, at least one. */
  public HostPlatform {
    pcrs = List.copyOf(pcrs);
    if (pcrs.isEmpty() || pcrs.stream().anyMatch(pcr -> pcr < 0 || pcr > 23)) {
      throw new IllegalArgumentException("PCRs are 0 to 23, one at least");
    }
  }

  PcrSelection selection() {
    return PcrSelection.of(HashAlg.SHA256, pcrs.stream().mapToInt(Integer::intValue).toArray());
  }

  static EkTemplate endorsementKey() {
    return KEYS.endorsement();
  }

  /**
   * Opens the TPM; an embedded one is manufactured at its first use.
   *
   * @param makerDirectory the maker of embedded TPMs, made when it is missing
   */
  Tpm open(Path makerDirectory) throws TpmException {
    if (tpm instanceof TpmAddress.Embedded(Path directory)) {
      return EmbeddedTpm.open(directory, TpmMaker.open(makerDirectory), KEYS);
    }
    return tpm.open();
  }
}
