package dev.keystead.http.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.bc.BcX509ExtensionUtils;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Builds X.509 v3 certificates (RFC 5280). Serial numbers are 159 random bits. */
final class CertificateBuilder {
  /** Certificates are valid from a little before they are made, for clocks that run behind. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final X509v3CertificateBuilder builder;
  private final SubjectPublicKeyInfo key;

  CertificateBuilder(
      X500Name issuer, X500Name subject, PublicKey key, Instant now, Duration validity) {
    this.key = SubjectPublicKeyInfo.getInstance(key.getEncoded());
    builder =
        new X509v3CertificateBuilder(
            issuer,
            new BigInteger(159, RANDOM).setBit(0),
            Date.from(now.minus(CLOCK_SKEW)),
            Date.from(now.plus(validity)),
            subject,
            this.key);
  }

  static X500Name name(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }

  static X500Name name(Subject subject) {
    X500NameBuilder name =
        new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, subject.commonName());
    subject.unit().ifPresent(unit -> name.addRDN(BCStyle.OU, unit));
    return name.build();
  }

  static X500Name subjectOf(X509Certificate certificate) {
    return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
  }

  /** An authority that certifies end entities only. */
  X509Certificate authority(PrivateKey signer) {
    try {
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              new BcX509ExtensionUtils().createSubjectKeyIdentifier(key));
      return sign(signer);
    } catch (IOException e) {
      throw new CredentialException("certificate cannot be built", e);
    }
  }

  /** An end entity. */
  X509Certificate endEntity(
      Subject subject, Purpose purpose, PublicKey issuerKey, PrivateKey signer) {
    try {
      BcX509ExtensionUtils identifiers = new BcX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(Extension.extendedKeyUsage, false, purpose.extension())
          .addExtension(
              Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              identifiers.createAuthorityKeyIdentifier(
                  SubjectPublicKeyInfo.getInstance(issuerKey.getEncoded())));
      alternativeNames(subject);
      return sign(signer);
    } catch (IOException e) {
      throw new CredentialException("certificate cannot be built", e);
    }
  }

  /** A certificate that stands for itself alone, with names and nothing else. */
  X509Certificate selfSigned(Subject subject, PrivateKey signer) {
    try {
      alternativeNames(subject);
      return sign(signer);
    } catch (IOException e) {
      throw new CredentialException("certificate cannot be built", e);
    }
  }

  static ContentSigner signer(PrivateKey key) {
    try {
      return new JcaContentSignerBuilder(PrivateKeys.signatureName(key)).build(key);
    } catch (OperatorCreationException e) {
      throw new CredentialException("key cannot sign", e);
    }
  }

  private void alternativeNames(Subject subject) throws IOException {
    List<GeneralName> names = new ArrayList<>();
    for (String dns : subject.dnsNames()) {
      names.add(new GeneralName(GeneralName.dNSName, dns));
    }
    for (InetAddress address : subject.addresses()) {
      names.add(new GeneralName(GeneralName.iPAddress, address.getHostAddress()));
    }
    if (!names.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(GeneralName[]::new)));
    }
  }

  private X509Certificate sign(PrivateKey key) throws IOException {
    return Certificates.fromDer(builder.build(signer(key)).getEncoded());
  }
}
