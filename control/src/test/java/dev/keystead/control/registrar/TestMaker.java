package dev.keystead.control.registrar;

import dev.keystead.evidence.endorsement.EndorsementStore;
import dev.keystead.evidence.endorsement.EndorsementVerifier;
import dev.keystead.tpm.structure.TpmPublic;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Somebody who makes devices and certifies their keys. */
record TestMaker(X500Name name, KeyPair key, byte[] root) {
  static TestMaker create(String commonName) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair key = generator.generateKeyPair();
      X500Name name = new X500Name("CN=" + commonName);
      X509v3CertificateBuilder builder = builder(name, name, key.getPublic().getEncoded());
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      return new TestMaker(name, key, sign(builder, key));
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  EndorsementVerifier verifier() {
    return new EndorsementVerifier(EndorsementStore.of(List.of(root)));
  }

  /** A certificate with a HardwareModuleName. */
  byte[] certify(TpmPublic area, String serial) {
    try {
      X509v3CertificateBuilder builder =
          builder(name, new X500Name("CN=device"), area.toPublicKey().getEncoded());
      DERSequence module =
          new DERSequence(
              new org.bouncycastle.asn1.ASN1Encodable[] {
                new ASN1ObjectIdentifier("2.23.133.1.2"),
                new DEROctetString(serial.getBytes(StandardCharsets.US_ASCII))
              });
      DERSequence other =
          new DERSequence(
              new org.bouncycastle.asn1.ASN1Encodable[] {
                new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.4"), new DERTaggedObject(true, 0, module)
              });
      builder
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.subjectAlternativeName,
              true,
              new GeneralNames(new GeneralName(GeneralName.otherName, other)));
      return sign(builder, key);
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same certificate with its outermost length in one byte more than needed. */
  static byte[] withLongLength(byte[] der) {
    byte[] out = new byte[der.length + 1];
    out[0] = der[0];
    out[1] = (byte) 0x83;
    System.arraycopy(der, 2, out, 3, der.length - 2);
    return out;
  }

  private static X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, byte[] key) {
    Instant now = Instant.now();
    return new X509v3CertificateBuilder(
        issuer,
        BigInteger.valueOf(System.nanoTime() & Long.MAX_VALUE),
        Date.from(now.minus(Duration.ofDays(1))),
        Date.from(now.plus(Duration.ofDays(1))),
        subject,
        SubjectPublicKeyInfo.getInstance(key));
  }

  private static byte[] sign(X509v3CertificateBuilder builder, KeyPair by) {
    try {
      return builder
          .build(new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate()))
          .getEncoded();
    } catch (org.bouncycastle.operator.OperatorCreationException | java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
