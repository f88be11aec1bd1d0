package dev.keystead.evidence.ima;

import dev.keystead.tpm.structure.HashAlg;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A public key that files are signed with: RSA of 2048 to 8192 bits or EC of 256 bits or more.
 *
 * @param id by which signatures name it: four bytes
 * @param key the key
 */
public record ImaKey(int id, PublicKey key) {
  /** The largest certificate or key that is looked at, in bytes. */
  public static final int LARGEST = 1 << 16;

  private static final String SUBJECT_KEY_ID = "2.5.29.14";
  private static final int SEQUENCE = 0x30;

  /** Refuses keys of other types or below today's strength. */
  public ImaKey {
    boolean strong =
        switch (key) {
          case RSAPublicKey rsa -> isBetween(rsa.getModulus().bitLength(), 2048, 8192);
          case ECPublicKey ec -> isBetween(ec.getParams().getOrder().bitLength(), 256, 521);
          default -> false;
        };
    if (!strong) {
      throw new IllegalArgumentException(
          "a key that is neither RSA of 2048 bits or more nor EC of 256 bits or more");
    }
  }

  /** A key under the id that the kernel derives from it. */
  public static ImaKey of(PublicKey key) {
    return new ImaKey(derivedId(key), key);
  }

  /**
   * The key in a DER certificate or SubjectPublicKeyInfo; none when the bytes are neither, or the
   * key is not fit. A certificate's subject key identifier gives the id.
   */
  public static Optional<ImaKey> find(byte[] der) {
    if (der.length == 0 || der.length > LARGEST || der[0] != SEQUENCE) {
      return Optional.empty();
    }
    try {
      return Optional.of(of(parseKey(der)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return findInCertificate(der);
    }
  }

  private static Optional<ImaKey> findInCertificate(byte[] der) {
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der));
      if (!Arrays.equals(certificate.getEncoded(), der)) {
        return Optional.empty();
      }
      byte[] id = certificate.getExtensionValue(SUBJECT_KEY_ID);
      PublicKey key = certificate.getPublicKey();
      boolean named = id != null && id.length >= 8;
      return Optional.of(new ImaKey(named ? lastFour(id) : derivedId(key), key));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Parses a DER SubjectPublicKeyInfo.
   *
   * @throws GeneralSecurityException when it is none of RSA or EC
   */
  public static PublicKey parseKey(byte[] spki) throws GeneralSecurityException {
    GeneralSecurityException last = null;
    for (String algorithm : List.of("RSA", "EC")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(spki));
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw last == null ? new GeneralSecurityException("no algorithm") : last;
  }

  /** The last four bytes of SHA-1 over the PKCS#1 key or the uncompressed point. */
  private static int derivedId(PublicKey key) {
    return lastFour(HashAlg.SHA1.hash(bitString(key.getEncoded())));
  }

  /** The BIT STRING that ends a SubjectPublicKeyInfo, without its count of unused bits. */
  private static byte[] bitString(byte[] spki) {
    int[] at = {0};
    enter(spki, at);
    int algorithm = enter(spki, at);
    at[0] += algorithm;
    int length = enter(spki, at);
    return Arrays.copyOfRange(spki, at[0] + 1, at[0] + length);
  }

  /** Steps behind a tag and its length, of DER that the JDK wrote, and gives the length. */
  private static int enter(byte[] der, int[] at) {
    int first = der[at[0] + 1] & 0xff;
    at[0] += 2;
    if (first < 0x80) {
      return first;
    }
    int count = first & 0x7f;
    int length = new BigInteger(1, Arrays.copyOfRange(der, at[0], at[0] + count)).intValueExact();
    at[0] += count;
    return length;
  }

  private static int lastFour(byte[] bytes) {
    return ByteBuffer.wrap(bytes, bytes.length - 4, 4).getInt();
  }

  private static boolean isBetween(int bits, int min, int max) {
    return bits >= min && bits <= max;
  }
}
