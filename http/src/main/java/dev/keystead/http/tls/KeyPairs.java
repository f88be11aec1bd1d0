package dev.keystead.http.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** Key pairs from what holds the private half alone. */
public final class KeyPairs {
  private KeyPairs() {}

  /**
   * The one private key of a PEM text, as {@link PrivateKeys#fromPem}, with its public half.
   *
   * @throws CredentialException if the text holds anything else
   */
  public static KeyPair fromPem(String text) {
    PrivateKey key = PrivateKeys.fromPem(text);
    try {
      PublicKey half =
          switch (key) {
            case RSAPrivateCrtKey rsa ->
                KeyFactory.getInstance("RSA")
                    .generatePublic(
                        new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
            case ECPrivateKey ec -> publicHalf(ec);
            default -> throw new CredentialException("private key is neither RSA nor EC");
          };
      PrivateKeys.checkPair(key, half);
      return new KeyPair(half, key);
    } catch (GeneralSecurityException | IOException e) {
      throw new CredentialException("private key is malformed", e);
    }
  }

  /** The curve's base point, as often as the key says. */
  private static PublicKey publicHalf(ECPrivateKey key)
      throws GeneralSecurityException, IOException {
    AlgorithmIdentifier curve =
        PrivateKeyInfo.getInstance(key.getEncoded()).getPrivateKeyAlgorithm();
    X9ECParameters parameters =
        ECNamedCurveTable.getByOID(ASN1ObjectIdentifier.getInstance(curve.getParameters()));
    if (parameters == null) {
      throw new CredentialException("private key is on a curve that is not known");
    }
    byte[] point =
        new FixedPointCombMultiplier().multiply(parameters.getG(), key.getS()).getEncoded(false);
    byte[] spki = new SubjectPublicKeyInfo(curve, point).getEncoded();
    return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
  }
}
