package dev.keystead.http.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Private keys of RSA and ECDSA between PEM and Java. */
public final class PrivateKeys {
  private PrivateKeys() {}

  /** A new key pair. */
  public static KeyPair generate(KeyType type) {
    try {
      KeyPairGenerator generator =
          KeyPairGenerator.getInstance(type == KeyType.EC_P256 ? "EC" : "RSA");
      SecureRandom random = new SecureRandom();
      switch (type) {
        case EC_P256 -> generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        case RSA_2048 -> generator.initialize(2048, random);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new CredentialException("key cannot be generated", e);
    }
  }

  /**
   * The one private key of a PEM text: PRIVATE KEY (PKCS #8), RSA PRIVATE KEY (PKCS #1) or EC
   * PRIVATE KEY (SEC 1, curve inside; EC PARAMETERS may stand before it), not encrypted.
   *
   * @throws CredentialException if the text holds anything else
   */
  public static PrivateKey fromPem(String text) {
    List<Pem.Block> blocks =
        Pem.parse(text).stream().filter(block -> !block.label().equals("EC PARAMETERS")).toList();
    if (blocks.size() != 1) {
      throw new CredentialException("PEM text does not hold exactly one private key");
    }
    Pem.Block block = blocks.getFirst();
    try {
      return switch (block.label()) {
        case "PRIVATE KEY" -> fromPkcs8(block.der());
        case "RSA PRIVATE KEY" -> fromPkcs8(wrapRsa(block.der()));
        case "EC PRIVATE KEY" -> fromPkcs8(wrapEc(block.der()));
        default ->
            throw new CredentialException("PEM block is not a private key but " + block.label());
      };
    } catch (IOException | IllegalArgumentException | ClassCastException e) {
      throw new CredentialException("private key is malformed");
    } finally {
      Arrays.fill(block.der(), (byte) 0);
    }
  }

  /** A private key as PEM text, PKCS #8. */
  public static String toPem(PrivateKey key) {
    return Pem.encode("PRIVATE KEY", key.getEncoded());
  }

  /** A public key as PEM text, SubjectPublicKeyInfo. */
  public static String toPem(PublicKey key) {
    return Pem.encode("PUBLIC KEY", key.getEncoded());
  }

  /** The name of the signature that goes with a key: SHA-256, with PKCS #1 v1.5 for RSA. */
  static String signatureName(PrivateKey key) {
    return key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
  }

  /**
   * Checks that the halves belong together.
   *
   * @throws CredentialException if they do not
   */
  static void checkPair(PrivateKey key, PublicKey publicKey) {
    byte[] probe = new byte[32];
    new SecureRandom().nextBytes(probe);
    try {
      Signature signer = Signature.getInstance(signatureName(key));
      signer.initSign(key);
      signer.update(probe);
      Signature verifier = Signature.getInstance(signatureName(key));
      verifier.initVerify(publicKey);
      verifier.update(probe);
      if (verifier.verify(signer.sign())) {
        return;
      }
    } catch (GeneralSecurityException e) {
      throw new CredentialException("private key does not belong to the certificate", e);
    }
    throw new CredentialException("private key does not belong to the certificate");
  }

  private static PrivateKey fromPkcs8(byte[] der) throws IOException {
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(ASN1Primitive.fromByteArray(der));
    var algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
    String name;
    if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      name = "RSA";
    } else if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      name = "EC";
    } else {
      throw new CredentialException("private key is neither RSA nor EC");
    }
    try {
      return KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw new CredentialException("private key is malformed");
    }
  }

  private static byte[] wrapRsa(byte[] der) throws IOException {
    AlgorithmIdentifier rsa =
        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
    RSAPrivateKey key = RSAPrivateKey.getInstance(ASN1Primitive.fromByteArray(der));
    return new PrivateKeyInfo(rsa, key).getEncoded();
  }

  private static byte[] wrapEc(byte[] der) throws IOException {
    ECPrivateKey key = ECPrivateKey.getInstance(ASN1Primitive.fromByteArray(der));
    if (key.getParametersObject() == null) {
      throw new CredentialException("private key does not name its curve");
    }
    AlgorithmIdentifier ec =
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject());
    return new PrivateKeyInfo(ec, key).getEncoded();
  }
}
