package dev.keystead.http.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A certification authority for one installation: it certifies servers and clients and revokes
 * certificates. On disk it has the layout of Keylime's cv_ca folder, except that its private key is
 * in {@code ca-private.pem} (PKCS #8, 0600) and not in an encrypted YAML file.
 */
public final class CertificateAuthority {
  private static final int MAX_CRL = 4 * 1024 * 1024;

  private final TlsIdentity identity;
  private final InstantSource clock;
  private RevocationList revocations;

  private CertificateAuthority(
      TlsIdentity identity, RevocationList revocations, InstantSource clock) {
    this.identity = identity;
    this.revocations = revocations;
    this.clock = clock;
  }

  /** A new authority with a new key. */
  public static CertificateAuthority create(
      String commonName, KeyType type, Duration validity, InstantSource clock) {
    KeyPair pair = PrivateKeys.generate(type);
    var name = CertificateBuilder.name(commonName);
    X509Certificate certificate =
        new CertificateBuilder(name, name, pair.getPublic(), clock.instant(), validity)
            .authority(pair.getPrivate());
    return new CertificateAuthority(
        new TlsIdentity(pair.getPrivate(), List.of(certificate)), RevocationList.empty(), clock);
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @throws IOException if a file cannot be read
   * @throws CredentialException if a file is malformed or they do not belong together
   */
  public static CertificateAuthority load(Path folder, InstantSource clock) throws IOException {
    TlsIdentity identity =
        TlsIdentity.load(folder.resolve("ca-private.pem"), folder.resolve("cacert.crt"));
    if (identity.certificate().getBasicConstraints() < 0) {
      throw new CredentialException("cacert.crt is not an authority");
    }
    X509CRL crl = Certificates.crlFromDer(PrivateFiles.read(folder.resolve("cacrl.der"), MAX_CRL));
    try {
      crl.verify(identity.certificate().getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new CredentialException("cacrl.der is not signed by this authority", e);
    }
    return new CertificateAuthority(identity, RevocationList.of(crl), clock);
  }

  /** Whether a folder holds an authority with its private key. */
  public static boolean isIn(Path folder) {
    return Files.exists(folder.resolve("ca-private.pem"));
  }

  /** The authority's certificate. */
  public X509Certificate certificate() {
    return identity.certificate();
  }

  /** What this authority certifies and has not revoked up to now is trusted. */
  public synchronized TrustedCertificates trust() {
    return new TrustedCertificates(
        List.of(certificate()), List.of(), new RevocationSource.Fixed(List.of(crl())), clock);
  }

  /** A new key with a certificate. */
  public TlsIdentity issue(Subject subject, KeyType type, Purpose purpose, Duration validity) {
    KeyPair pair = PrivateKeys.generate(type);
    X509Certificate certificate = certify(subject, pair.getPublic(), purpose, validity);
    return new TlsIdentity(pair.getPrivate(), List.of(certificate));
  }

  /** A certificate for a key; the caller has seen to it that the subject holds the other half. */
  public X509Certificate certify(
      Subject subject, PublicKey key, Purpose purpose, Duration validity) {
    return new CertificateBuilder(
            CertificateBuilder.subjectOf(certificate()),
            CertificateBuilder.name(subject),
            key,
            clock.instant(),
            validity)
        .endEntity(subject, purpose, certificate().getPublicKey(), identity.key());
  }

  /**
   * Revokes a certificate that this authority issued. {@link #save} makes it last.
   *
   * @throws CredentialException if another issued it
   */
  public synchronized void revoke(X509Certificate certificate) {
    try {
      certificate.verify(certificate().getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new CredentialException("certificate is not from this authority", e);
    }
    revoke(certificate.getSerialNumber());
  }

  /** Revokes a serial number. {@link #saveRevocations} makes it last. */
  public synchronized void revoke(BigInteger serial) {
    if (!revocations.revoked().containsKey(serial)) {
      revocations = revocations.and(serial, clock.instant());
    }
  }

  /** When a serial number was revoked, if it was. */
  public synchronized Optional<Instant> revokedAt(BigInteger serial) {
    return Optional.ofNullable(revocations.revoked().get(serial));
  }

  /** The answer to an OCSP request in DER (RFC 6960), signed by this authority. */
  public byte[] ocsp(byte[] request) {
    return new OcspResponder(certificate(), identity.key())
        .answer(request, this::revokedAt, clock.instant());
  }

  /** The list of what is revoked, signed now. */
  public synchronized X509CRL crl() {
    return revocations.sign(certificate(), identity.key(), clock.instant());
  }

  /**
   * Writes the authority into a folder: ca-private.pem, cacert.crt, ca-public.pem, cacrl.der and
   * cacrl.pem. The folder becomes 0700, the files 0600.
   */
  public synchronized void save(Path folder) throws IOException {
    PrivateFiles.folder(folder);
    saveRevocations(folder);
    PrivateFiles.write(
        folder.resolve("ca-public.pem"), PrivateKeys.toPem(certificate().getPublicKey()));
    identity.save(folder.resolve("ca-private.pem"), folder.resolve("cacert.crt"));
  }

  /** Signs the list of what is revoked anew, and writes it: cacrl.der and cacrl.pem. */
  public synchronized void saveRevocations(Path folder) throws IOException {
    byte[] crl;
    try {
      crl = crl().getEncoded();
    } catch (CRLException e) {
      throw new CredentialException("revocation list cannot be encoded", e);
    }
    PrivateFiles.write(folder.resolve("cacrl.der"), crl);
    PrivateFiles.write(folder.resolve("cacrl.pem"), Pem.encode("X509 CRL", crl));
  }

  /**
   * Writes an identity beside the authority: NAME-private.pem, NAME-cert.crt and NAME-public.pem,
   * NAME being server or client in Keylime.
   */
  public static void save(Path folder, String name, TlsIdentity identity) throws IOException {
    PrivateFiles.folder(folder);
    PrivateFiles.write(
        folder.resolve(name + "-public.pem"),
        PrivateKeys.toPem(identity.certificate().getPublicKey()));
    identity.save(folder.resolve(name + "-private.pem"), folder.resolve(name + "-cert.crt"));
  }

  /** Reads an identity that {@link #save(Path, String, TlsIdentity)} wrote. */
  public static TlsIdentity load(Path folder, String name) throws IOException {
    return TlsIdentity.load(
        folder.resolve(name + "-private.pem"), folder.resolve(name + "-cert.crt"));
  }
}
