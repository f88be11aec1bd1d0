package dev.keystead.tao.platform;

import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmObject;
import dev.keystead.tpm.command.ProtectedCredential;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.template.EkTemplate;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * An attest certificate that only one TPM opens, and only while it has the certified key:
 * AES-256-GCM under a key that goes to the TPM as a credential. So a certificate for a key that is
 * not in a listed TPM never exists in clear.
 */
public record ProtectedCertificate(ProtectedCredential credential, byte[] ciphertext) {
  /** Bytes of the one-time key. */
  static final int KEY_SIZE = 32;

  private static final byte[] CONTEXT =
      "keystead/protected-certificate/1".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_SIZE = AttestCertificate.MAX_SIZE + 4096;
  private static final int TAG_BITS = 128;

  /** Parses all of {@code bytes}. */
  public static ProtectedCertificate parse(byte[] bytes) throws CborException {
    if (Cbor.parse(bytes, MAX_SIZE) instanceof Cbor.Array array
        && array.items().size() == 3
        && array.items().get(0).equals(Cbor.of(1))
        && array.items().get(1) instanceof Cbor.Bytes(byte[] credential)
        && array.items().get(2) instanceof Cbor.Bytes(byte[] ciphertext)) {
      try {
        return new ProtectedCertificate(ProtectedCredential.parse(credential), ciphertext);
      } catch (TpmFormatException e) {
        throw new CborException("the credential: " + e.getMessage());
      }
    }
    throw new CborException("that is no protected certificate");
  }

  /** [1, TPM2B_ID_OBJECT and TPM2B_ENCRYPTED_SECRET, ciphertext and tag]. */
  public byte[] encode() {
    return Cbor.array(Cbor.of(1), Cbor.of(credential.toBytes()), Cbor.of(ciphertext)).encode();
  }

  /**
   * Opens the certificate with the TPM that it was made for.
   *
   * @throws TaoException NOT_PERMITTED when it was made for another TPM or another key, UNAVAILABLE
   *     when the TPM can't be reached
   */
  public AttestCertificate open(Tpm tpm, EkTemplate template) throws TaoException {
    try (EndorsementKey endorsement = EndorsementKey.create(tpm, template);
        TpmObject key = AttestationKey.open(tpm);
        Secret secret = endorsement.activate(key.handle(), credential)) {
      byte[] bytes = secret.bytes();
      try {
        return new AttestCertificate(apply(Cipher.DECRYPT_MODE, bytes, ciphertext));
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new TaoException(Reason.NOT_PERMITTED, "a certificate that was changed", e);
    } catch (TpmException e) {
      throw Refusals.of(e, Reason.NOT_PERMITTED, "a certificate for another TPM");
    }
  }

  static byte[] encrypt(byte[] key, AttestCertificate certificate) {
    try {
      return apply(Cipher.ENCRYPT_MODE, key, certificate.bytes());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM cannot encrypt", e);
    }
  }

  /** The key is used once, so the nonce may be zero. */
  private static byte[] apply(int mode, byte[] key, byte[] data) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, new byte[12]));
    cipher.updateAAD(CONTEXT);
    return cipher.doFinal(data);
  }
}
