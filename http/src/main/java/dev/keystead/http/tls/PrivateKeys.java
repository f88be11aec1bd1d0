package dev.keystead.http.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
        case "RSA PRIVATE KEY" -> fromPkcs8(TraditionalKeys.rsa(block.der()));
        case "EC PRIVATE KEY" -> fromPkcs8(TraditionalKeys.ec(block.der()));
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

  /** The JDK alone reads what is written today, so that a node does not load more for its key. */
  private static PrivateKey fromPkcs8(byte[] der) {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
    return Stream.of("EC", "RSA")
        .flatMap(name -> read(name, spec).stream())
        .findFirst()
        .orElseThrow(
            () -> new CredentialException("private key is neither RSA nor EC, or malformed"));
  }

  private static Optional<PrivateKey> read(String name, PKCS8EncodedKeySpec spec) {
    try {
      return Optional.of(KeyFactory.getInstance(name).generatePrivate(spec));
    } catch (InvalidKeySpecException e) {
      return Optional.empty();
    } catch (NoSuchAlgorithmException e) {
      throw new CredentialException("keys of %s cannot be read here".formatted(name), e);
    }
  }
}
