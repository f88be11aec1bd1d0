package dev.keystead.tpm.command;

import dev.keystead.tpm.structure.TpmReader;
import dev.keystead.tpm.structure.TpmWriter;

/**
 * A credential that only the TPM with a certain key opens, and only for an object of a certain Name
 * (Part 1, 24).
 *
 * @param idObject the content of TPM2B_ID_OBJECT: the outer HMAC as a TPM2B, then the encrypted
 *     identity
 * @param encryptedSecret the content of TPM2B_ENCRYPTED_SECRET
 */
public record ProtectedCredential(byte[] idObject, byte[] encryptedSecret) {
  private static final int MAX_SIZE = 1024;

  /** Parses TPM2B_ID_OBJECT and TPM2B_ENCRYPTED_SECRET, one behind the other. */
  public static ProtectedCredential parse(byte[] bytes) {
    TpmReader in = new TpmReader(bytes);
    ProtectedCredential credential =
        new ProtectedCredential(
            in.sized(MAX_SIZE, "the id object"), in.sized(MAX_SIZE, "the seed"));
    in.end("the credential");
    return credential;
  }

  /** TPM2B_ID_OBJECT and TPM2B_ENCRYPTED_SECRET, one behind the other. */
  public byte[] toBytes() {
    return new TpmWriter().sized(idObject).sized(encryptedSecret).toBytes();
  }
}
