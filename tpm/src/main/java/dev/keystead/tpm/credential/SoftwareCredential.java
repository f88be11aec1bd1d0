package dev.keystead.tpm.credential;

import dev.keystead.tpm.Secret;
import dev.keystead.tpm.command.ProtectedCredential;
import dev.keystead.tpm.crypto.Cfb;
import dev.keystead.tpm.crypto.Hmac;
import dev.keystead.tpm.crypto.Kdf;
import dev.keystead.tpm.crypto.SeedExchange;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.ObjectAttributes;
import dev.keystead.tpm.structure.SymmetricDef;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmWriter;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/** MakeCredential without a TPM (Part 1, 24; Part 3, 12.6). */
public final class SoftwareCredential {
  private SoftwareCredential() {}

  /**
   * Protects {@code credential} so that only the TPM with the private part of {@code key} opens it,
   * and only while it holds the object called {@code objectName}.
   *
   * @param key a restricted decryption key, RSA or ECC, with any name algorithm: an EK
   * @param credential at most as long as the key's name digest
   * @throws TpmFormatException when the key is no such key or the credential is too long
   */
  public static ProtectedCredential make(
      TpmPublic key, Secret credential, TpmName objectName, SecureRandom random) {
    SymmetricDef symmetric = symmetric(key);
    HashAlg hash = key.nameAlg();
    byte[] plain = credential.bytes();
    if (plain.length > hash.size()) {
      throw new TpmFormatException(
          "a credential of " + plain.length + " bytes, at most " + hash.size() + " can be");
    }
    SeedExchange seed = SeedExchange.with(key, "IDENTITY", random);
    byte[] none = new byte[0];
    byte[] name = objectName.bytes();
    byte[] cipherKey = Kdf.a(hash, seed.seed(), "STORAGE", name, none, symmetric.keyBits());
    byte[] macKey = Kdf.a(hash, seed.seed(), "INTEGRITY", none, none, hash.size() * 8);
    byte[] sized = new TpmWriter().sized(plain).toBytes();
    byte[] identity = Cfb.encrypt(cipherKey, new byte[Cfb.IV_SIZE], sized);
    byte[] mac = Hmac.of(hash, macKey, identity, name);
    for (byte[] secret : new byte[][] {plain, sized, cipherKey, macKey, seed.seed()}) {
      Arrays.fill(secret, (byte) 0);
    }
    return new ProtectedCredential(
        new TpmWriter().sized(mac).bytes(identity).toBytes(), seed.encrypted());
  }

  private static SymmetricDef symmetric(TpmPublic key) {
    Optional<SymmetricDef> symmetric =
        switch (key.key()) {
          case TpmPublic.Rsa rsa -> rsa.symmetric();
          case TpmPublic.Ecc ecc -> ecc.symmetric();
          case TpmPublic.KeyedHash _ -> Optional.empty();
        };
    boolean storage =
        key.attributes().has(ObjectAttributes.RESTRICTED | ObjectAttributes.DECRYPT)
            && key.attributes().hasNone(ObjectAttributes.SIGN);
    if (!storage || symmetric.isEmpty()) {
      throw new TpmFormatException("credentials are made for restricted decryption keys only");
    }
    return symmetric.get();
  }
}
