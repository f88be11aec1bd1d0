package dev.keystead.keylime.bootstrap;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.http.tls.Pem;
import dev.keystead.keylime.PemField;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.WireException.Reason;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/**
 * NK, the agent's RSA key for its shares (sections 2, 4.2 and 5). It deserves a share only when a
 * verified quote binds it.
 *
 * @param pem as it was sent: its bytes are what PCR 16 is extended with
 * @param key 2048 to 4096 bits
 */
public record PayloadKey(String pem, RSAPublicKey key) {
  /** The PCR that binds the key; agents add it to every quote. */
  public static final int PCR = 16;

  /** Most characters of {@code pem}. */
  public static final int MAX_PEM = 2048;

  private static final OAEPParameterSpec OAEP =
      new OAEPParameterSpec("SHA-1", "MGF1", MGF1ParameterSpec.SHA1, PSource.PSpecified.DEFAULT);

  /** Reads one PEM block of a SubjectPublicKeyInfo. */
  public static PayloadKey parse(String pem) {
    try {
      if (KeyFactory.getInstance("RSA")
              .generatePublic(new X509EncodedKeySpec(PemField.one(pem, "PUBLIC KEY", "pubkey")))
          instanceof RSAPublicKey rsa) {
        int bits = rsa.getModulus().bitLength();
        if (bits < 2048 || bits > 4096 || !rsa.getModulus().testBit(0)) {
          throw WireException.malformed("pubkey", "is not an RSA key of 2048 to 4096 bits");
        }
        return new PayloadKey(pem, rsa);
      }
    } catch (GeneralSecurityException e) {
      throw new WireException(Reason.MALFORMED, "pubkey: is not an RSA public key", e);
    }
    throw WireException.malformed("pubkey", "is not an RSA public key");
  }

  /** A key of ours in the PEM form that goes on the wire. */
  public static PayloadKey of(RSAPublicKey key) {
    return parse(Pem.encode("PUBLIC KEY", key.getEncoded()));
  }

  /** What the agent extends PCR 16 with, in the bank of {@code bank}, after a reset. */
  public Digest binding(HashAlg bank) {
    return Digest.hash(bank, pem.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Requires that PCR 16 of a verified quote holds this key and nothing else.
   *
   * @throws EvidenceException with PCR_MISSING or KEY_NOT_BOUND
   */
  public void requireBoundBy(VerifiedQuote quote, HashAlg bank) {
    Digest expected = Digest.zero(bank).extend(binding(bank).bytes());
    Digest found =
        quote
            .values()
            .get(bank, PCR)
            .orElseThrow(() ->
                new EvidenceException(
                    Code.PCR_MISSING, "PCR 16", "the quote does not cover the payload key"));
    if (!found.equals(expected)) {
      throw new EvidenceException(
          Code.KEY_NOT_BOUND,
          "PCR 16",
          "the payload key would make it %s, quoted is %s".formatted(expected, found));
    }
  }

  /** A share that only this key's agent can open: RSA-OAEP with SHA-1 (section 5). */
  public byte[] wrap(KeyShare share) {
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
      cipher.init(Cipher.ENCRYPT_MODE, key, OAEP);
      return cipher.doFinal(share.open());
    } catch (GeneralSecurityException e) {
      throw new WireException(Reason.NOT_AUTHENTIC, "pubkey: cannot encrypt a share", e);
    }
  }

  /** Opens a share with the private key of an agent. */
  public static KeyShare unwrap(PrivateKey key, byte[] wrapped) {
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
      cipher.init(Cipher.DECRYPT_MODE, key, OAEP);
      return KeyShare.adopt(cipher.doFinal(wrapped));
    } catch (GeneralSecurityException e) {
      throw new WireException(
          Reason.NOT_AUTHENTIC, "encrypted_key: is not a share for this agent's key");
    }
  }
}
