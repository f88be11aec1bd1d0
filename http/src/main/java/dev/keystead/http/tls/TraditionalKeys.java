package dev.keystead.http.tls;

import java.io.IOException;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Private keys as they were written before PKCS #8, put into it. Apart from {@link PrivateKeys}, so
 * that who has no such key does not load what reads it.
 */
final class TraditionalKeys {
  private TraditionalKeys() {}

  /** PKCS #1. */
  static byte[] rsa(byte[] der) throws IOException {
    AlgorithmIdentifier rsa =
        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
    RSAPrivateKey key = RSAPrivateKey.getInstance(ASN1Primitive.fromByteArray(der));
    return new PrivateKeyInfo(rsa, key).getEncoded();
  }

  /** SEC 1, with its curve inside. */
  static byte[] ec(byte[] der) throws IOException {
    ECPrivateKey key = ECPrivateKey.getInstance(ASN1Primitive.fromByteArray(der));
    if (key.getParametersObject() == null) {
      throw new CredentialException("private key does not name its curve");
    }
    AlgorithmIdentifier ec =
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject());
    return new PrivateKeyInfo(ec, key).getEncoded();
  }
}
