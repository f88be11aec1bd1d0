package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.tpm.structure.TpmSignature;
import dev.keystead.tpm.structure.TpmWriter;

/**
 * What is to prove that the agent has its attestation key: TPM2_Certify of that key by itself over
 * the session's challenge. Nothing of it is known to be true.
 *
 * @param attest TPMS_ATTEST as it was signed
 */
public record Possession(byte[] attest, TpmSignature signature) {
  /** Most bytes of a TPMS_ATTEST. */
  static final int MAX_ATTEST = 2048;

  /** Most bytes of a TPMT_SIGNATURE. */
  static final int MAX_SIGNATURE = 1040;

  static Possession read(Fields data) {
    return new Possession(
        data.bytes64("message", MAX_ATTEST),
        TpmSignature.parse(data.bytes64("signature", MAX_SIGNATURE)));
  }

  JsonObjectBuilder write() {
    return Json.object().putBytes64("message", attest).putBytes64("signature", bytes(signature));
  }

  static byte[] bytes(TpmSignature signature) {
    TpmWriter out = new TpmWriter();
    signature.write(out);
    return out.toBytes();
  }
}
