package dev.keystead.node.embedded;

import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.node.AgentException;
import dev.keystead.tpm.structure.TpmPublic;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Certifies the endorsement keys of embedded TPMs, as a maker certifies those of chips (TCG EK
 * Credential Profile 2.5, 3.2). Its certificates say that the TPM is software. Who trusts its root
 * trusts whoever can read its directory.
 */
public final class TpmMaker {
  private static final X500Name NAME = new X500Name("O=Keystead,CN=Maker of software TPMs");
  private static final Date FOR_EVER = Date.from(Instant.parse("9999-12-31T23:59:59Z"));
  private static final ASN1ObjectIdentifier MANUFACTURER = new ASN1ObjectIdentifier("2.23.133.2.1");
  private static final ASN1ObjectIdentifier MODEL = new ASN1ObjectIdentifier("2.23.133.2.2");
  private static final ASN1ObjectIdentifier VERSION = new ASN1ObjectIdentifier("2.23.133.2.3");
  private static final ASN1ObjectIdentifier EK_CERTIFICATE =
      new ASN1ObjectIdentifier("2.23.133.8.1");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final PrivateKey key;
  private final X509Certificate root;

  private TpmMaker(PrivateKey key, X509Certificate root) {
    this.key = key;
    this.root = root;
  }

  /**
   * The maker in this directory ({@code maker-key.pem}, {@code maker-root.pem}); a new one when
   * there is none.
   */
  public static TpmMaker open(Path directory) {
    Path keyFile = directory.resolve("maker-key.pem");
    Path rootFile = directory.resolve("maker-root.pem");
    try {
      PrivateFiles.folder(directory);
      if (!Files.exists(rootFile)) {
        TpmMaker maker = create();
        maker.identity().save(keyFile, rootFile);
        return maker;
      }
      TlsIdentity kept = TlsIdentity.load(keyFile, rootFile);
      return new TpmMaker(kept.key(), kept.certificate());
    } catch (IOException | GeneralSecurityException | CredentialException e) {
      throw new AgentException("the TPM maker cannot be opened: " + e.getMessage(), e);
    }
  }

  private TlsIdentity identity() {
    return new TlsIdentity(key, List.of(root));
  }

  /** The certificate that verifiers of these TPMs trust. */
  public X509Certificate root() {
    return root;
  }

  /** A certificate in DER for an endorsement key. */
  byte[] certify(TpmPublic endorsementKey) {
    PublicKey ek = endorsementKey.toPublicKey();
    int usage =
        endorsementKey.key() instanceof TpmPublic.Rsa
            ? KeyUsage.keyEncipherment
            : KeyUsage.keyAgreement;
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
                  NAME, serial(), now(), FOR_EVER, new X500Name(new RDN[0]), ek)
              .addExtension(Extension.subjectAlternativeName, true, model())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(usage))
              .addExtension(
                  Extension.extendedKeyUsage,
                  false,
                  new ExtendedKeyUsage(KeyPurposeId.getInstance(EK_CERTIFICATE)))
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(root));
      return sign(builder, key);
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new AgentException("the endorsement key cannot be certified: " + e.getMessage(), e);
    }
  }

  private static TpmMaker create() throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    KeyPair pair = generator.generateKeyPair();
    try {
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(NAME, serial(), now(), FOR_EVER, NAME, pair.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
              .addExtension(
                  Extension.subjectKeyIdentifier,
                  false,
                  identifiers.createSubjectKeyIdentifier(pair.getPublic()));
      return new TpmMaker(
          pair.getPrivate(), Certificates.fromDer(sign(builder, pair.getPrivate())));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static byte[] sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws IOException, OperatorCreationException {
    return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)).getEncoded();
  }

  /** Manufacturer, model and version, of which each says that this is no chip. */
  private static GeneralNames model() {
    X500Name name =
        new X500NameBuilder()
            .addRDN(MANUFACTURER, new DERUTF8String("id:4B535444"))
            .addRDN(MODEL, new DERUTF8String("software TPM (libtpms)"))
            .addRDN(VERSION, new DERUTF8String("id:00000001"))
            .build();
    return new GeneralNames(new GeneralName(name));
  }

  private static BigInteger serial() {
    return new BigInteger(127, RANDOM).setBit(126);
  }

  private static Date now() {
    return Date.from(Instant.now().minus(1, ChronoUnit.HOURS));
  }
}
