package dev.keystead.tpm.command;

import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.TpmReader;
import dev.keystead.tpm.structure.TpmSignature;
import dev.keystead.tpm.structure.TpmWriter;

/**
 * What a TPM attests to.
 *
 * @param attest TPMS_ATTEST as it was signed
 */
public record Attestation(byte[] attest, TpmSignature signature) {
  static Attestation read(TpmReader in) {
    return new Attestation(in.sized(), TpmSignature.read(in));
  }

  /** The signature as TPMT_SIGNATURE. */
  public byte[] signatureBytes() {
    TpmWriter out = new TpmWriter();
    signature.write(out);
    return out.toBytes();
  }

  /** What was signed, parsed. Whether the signature verifies is not looked at. */
  public Attest parsed() {
    return Attest.parse(attest);
  }
}
