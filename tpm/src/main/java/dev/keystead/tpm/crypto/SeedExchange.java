package dev.keystead.tpm.crypto;

import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/**
 * A secret shared with the TPM that holds a decryption key (Part 1, annexes B.10 and C.6): session
 * salts and credential seeds.
 *
 * @param seed the secret, as long as the key's name algorithm's digest
 * @param encrypted the content of TPM2B_ENCRYPTED_SECRET, for the TPM
 */
public record SeedExchange(byte[] seed, byte[] encrypted) {
  /**
   * Makes a fresh seed for the TPM that holds {@code key}. Throws {@link TpmFormatException} when
   * the key cannot decrypt or is mathematically no key.
   *
   * @param label the use, without its NUL: {@code SECRET} or {@code IDENTITY}
   */
  public static SeedExchange with(TpmPublic key, String label, SecureRandom random) {
    try {
      return switch (key.key()) {
        case TpmPublic.Rsa rsa -> rsa(key, rsa, label, random);
        case TpmPublic.Ecc ecc -> ecc(key, ecc, label, random);
        case TpmPublic.KeyedHash _ ->
            throw new TpmFormatException("a keyed-hash object takes no seed");
      };
    } catch (GeneralSecurityException e) {
      throw new TpmFormatException("no seed can be made for this key: " + e.getMessage());
    }
  }

  private static SeedExchange rsa(
      TpmPublic key, TpmPublic.Rsa rsa, String label, SecureRandom random)
      throws GeneralSecurityException {
    HashAlg hash = rsa.schemeHash().orElse(key.nameAlg());
    byte[] seed = new byte[key.nameAlg().size()];
    random.nextBytes(seed);
    Cipher oaep = Cipher.getInstance("RSA/ECB/OAEPPadding");
    oaep.init(
        Cipher.ENCRYPT_MODE,
        key.toPublicKey(),
        new OAEPParameterSpec(
            hash.javaName(),
            "MGF1",
            new MGF1ParameterSpec(hash.javaName()),
            new PSource.PSpecified(Kdf.label(label))),
        random);
    return new SeedExchange(seed, oaep.doFinal(seed));
  }

  private static SeedExchange ecc(
      TpmPublic key, TpmPublic.Ecc ecc, String label, SecureRandom random)
      throws GeneralSecurityException {
    ECPublicKey theirs = (ECPublicKey) key.toPublicKey();
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(theirs.getParams(), random);
    KeyPair ours = generator.generateKeyPair();
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(ours.getPrivate());
    agreement.doPhase(theirs, true);
    byte[] z = agreement.generateSecret();
    ECPublicKey ephemeral = (ECPublicKey) ours.getPublic();
    int size = ecc.curve().size();
    byte[] x = fixed(ephemeral.getW().getAffineX(), size);
    byte[] y = fixed(ephemeral.getW().getAffineY(), size);
    byte[] theirX = fixed(theirs.getW().getAffineX(), size);
    byte[] seed = Kdf.e(key.nameAlg(), z, label, x, theirX, key.nameAlg().size() * 8);
    Arrays.fill(z, (byte) 0);
    return new SeedExchange(seed, new TpmWriter().sized(x).sized(y).toBytes());
  }

  private static byte[] fixed(BigInteger value, int size) {
    byte[] bytes = value.toByteArray();
    byte[] out = new byte[size];
    int count = Math.min(bytes.length, size);
    System.arraycopy(bytes, bytes.length - count, out, size - count, count);
    return out;
  }
}
