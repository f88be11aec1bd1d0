package dev.keystead.cli.evidence;

import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmFormatException;

/** Which hash a plain signature over a quote was made with. */
public final class SignedHash {
  private SignedHash() {}

  /**
   * A TPM makes the PCR digest of a quote with the hash of its signature: the digest's size tells
   * which. SHA-256 for anything that is no quote; that is refused later.
   */
  public static HashAlg of(byte[] message) {
    try {
      return Attest.parse(message).attested() instanceof Attest.Quoted quoted
          ? ofSize(quoted.pcrDigest().length)
          : HashAlg.SHA256;
    } catch (TpmFormatException e) {
      return HashAlg.SHA256;
    }
  }

  private static HashAlg ofSize(int bytes) {
    return switch (bytes) {
      case 48 -> HashAlg.SHA384;
      case 64 -> HashAlg.SHA512;
      default -> HashAlg.SHA256;
    };
  }
}
