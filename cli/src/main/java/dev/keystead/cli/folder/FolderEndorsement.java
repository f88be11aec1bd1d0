package dev.keystead.cli.folder;

import dev.keystead.cli.InputFile;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmPublic;
import java.util.Optional;

/**
 * The certificate of one endorsement key: {@code ek_NAME.cert.der}, with the key's public area
 * {@code ek_NAME.pub.tpmt} or {@code .pub.tpm2b} where it is there.
 *
 * @param name what stands between {@code ek_} and {@code .cert.der}
 * @param certificate DER, as it was in the TPM
 * @param area the key's public area
 */
public record FolderEndorsement(String name, byte[] certificate, Optional<TpmPublic> area) {
  static FolderEndorsement read(FolderFiles files, String name) {
    byte[] certificate = files.read("ek_" + name + ".cert.der", InputFile.SMALL);
    Optional<TpmPublic> area =
        files
            .find("ek_" + name + ".pub.tpmt")
            .or(() -> files.find("ek_" + name + ".pub.tpm2b"))
            .map(file -> area(name, InputFile.read(file, InputFile.SMALL, "the public area")));
    return new FolderEndorsement(name, certificate, area);
  }

  /** tpm2-tools write TPM2B_PUBLIC into files that are called tpmt. */
  private static TpmPublic area(String name, byte[] bytes) {
    try {
      boolean sized =
          bytes.length > 2 && ((bytes[0] & 0xff) << 8 | (bytes[1] & 0xff)) == bytes.length - 2;
      return sized ? TpmPublic.parseSized(bytes) : TpmPublic.parse(bytes);
    } catch (TpmFormatException e) {
      throw new EvidenceException(
          Code.MALFORMED, "endorsement key " + name, String.valueOf(e.getMessage()));
    }
  }
}
