package dev.keystead.keylime.registration;

import dev.keystead.keylime.WireException;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmReader;
import dev.keystead.tpm.structure.TpmWriter;

/**
 * The credential blob (section 3.2), framed as tpm2-tools do: a magic, a version, TPM2B_ID_OBJECT
 * and TPM2B_ENCRYPTED_SECRET, big-endian.
 *
 * @param credential the content of TPM2B_ID_OBJECT
 * @param secret the content of TPM2B_ENCRYPTED_SECRET
 */
public record ChallengeBlob(byte[] credential, byte[] secret) {
  /** Most bytes of a whole blob. */
  public static final int MAX_SIZE = 1024;

  private static final int MAGIC = 0xbadcc0de;
  private static final int VERSION = 1;
  private static final int MAX_CREDENTIAL = 256;
  private static final int MAX_SECRET = 512;

  /** Reads all of {@code bytes}. */
  public static ChallengeBlob parse(byte[] bytes) {
    try {
      TpmReader in = new TpmReader(bytes);
      if (in.i32() != MAGIC || in.i32() != VERSION) {
        throw WireException.malformed("blob", "does not begin as a credential does");
      }
      ChallengeBlob blob =
          new ChallengeBlob(
              in.sized(MAX_CREDENTIAL, "the credential"), in.sized(MAX_SECRET, "the secret"));
      in.end("the credential blob");
      return blob;
    } catch (TpmFormatException e) {
      throw WireException.malformed("blob", String.valueOf(e.getMessage()));
    }
  }

  /** The bytes on the wire, before base64. */
  public byte[] toBytes() {
    return new TpmWriter().u32(MAGIC).u32(VERSION).sized(credential).sized(secret).toBytes();
  }
}
