package dev.keystead.tpm.endorsement;

import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.command.Capability;
import dev.keystead.tpm.template.EkTemplate;
import java.io.ByteArrayOutputStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Endorsement key certificates and their issuers' from NV (TCG EK Credential Profile 2.5, 2.2.1.4
 * and 2.2.1.5), as DER. They are claims until a path to a trusted maker has been checked.
 *
 * @param certificates the certificate of each key that has one
 * @param chain the issuers' certificates, in the order in which they are stored
 */
public record EkCertificates(Map<EkTemplate, byte[]> certificates, List<byte[]> chain) {
  private static final int CHAIN_FIRST = 0x01c00100;
  private static final int CHAIN_LAST = 0x01c001ff;
  private static final int MAX_CHAIN = 65536;

  /** Reads what the TPM has. */
  public static EkCertificates read(Tpm tpm) throws TpmException {
    Map<EkTemplate, byte[]> certificates = new EnumMap<>(EkTemplate.class);
    for (EkTemplate template : EkTemplate.values()) {
      var content = NvData.read(tpm, template.certificateIndex());
      if (content.isPresent()) {
        certificates.put(template, DerSequence.first(content.get()));
      }
    }
    return new EkCertificates(Map.copyOf(certificates), DerSequence.all(chain(tpm)));
  }

  /** One certificate may be spread over several indices, so they are joined before they are cut. */
  private static byte[] chain(Tpm tpm) throws TpmException {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    List<Integer> indices =
        tpm.execute(new Capability.Handles(CHAIN_FIRST, CHAIN_LAST - CHAIN_FIRST + 1)).values();
    for (int index : indices) {
      if (index > CHAIN_LAST) {
        break;
      }
      NvData.read(tpm, index).ifPresent(joined::writeBytes);
      if (joined.size() > MAX_CHAIN) {
        throw new TpmException(
            "the chain of EK certificates has more than " + MAX_CHAIN + " bytes");
      }
    }
    return joined.toByteArray();
  }
}
