package dev.keystead.control.ca;

import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.http.tls.Purpose;
import dev.keystead.http.tls.Subject;
import dev.keystead.http.tls.TlsIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An authority in a folder of the layout of Keylime's cv_ca, with what it has issued in {@code
 * issued/}. Several processes may use one folder: whoever changes it locks it, and everybody reads
 * what is there at the moment.
 */
public final class AuthorityFolder {
  private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(3650);
  private static final int MAX_CERTIFICATE = 16 << 10;

  private final Path folder;
  private final InstantSource clock;

  /** An issued certificate, and whether it is revoked. */
  public record Issued(X509Certificate certificate, boolean revoked) {}

  /** Does something with the authority. */
  @FunctionalInterface
  private interface Change<T> {
    T in(CertificateAuthority authority) throws IOException;
  }

  private AuthorityFolder(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * Makes a new authority.
   *
   * @throws IOException if the folder holds one already, or cannot be written
   */
  public static AuthorityFolder init(Path folder, String name, KeyType type, InstantSource clock)
      throws IOException {
    if (CertificateAuthority.isIn(folder)) {
      throw new IOException(folder + " holds an authority already");
    }
    PrivateFiles.folder(folder);
    CertificateAuthority.create(name, type, AUTHORITY_VALIDITY, clock).save(folder);
    return open(folder, clock);
  }

  /**
   * An authority that was made before.
   *
   * @throws IOException if there is none, or it cannot be read
   * @throws CredentialException if what is there does not belong together
   */
  public static AuthorityFolder open(Path folder, InstantSource clock) throws IOException {
    var _ = CertificateAuthority.load(folder, clock);
    return new AuthorityFolder(folder, clock);
  }

  /**
   * Issues a certificate with a new key, and keeps both under {@code name} in the folder.
   *
   * @throws IOException if the name is in use, or nothing can be written
   * @throws CredentialException if the folder's policy does not allow it
   */
  public TlsIdentity issue(
      String name, Subject subject, KeyType type, Purpose purpose, Duration validity)
      throws IOException {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,79}")) {
      throw new CredentialException("a name is 1 to 80 letters, digits, dots, _ and -");
    }
    IssuingPolicy.in(folder).require(subject, purpose, validity);
    return locked(authority -> {
      if (Files.exists(folder.resolve(name + "-cert.crt"))) {
        throw new IOException("there is a certificate of the name " + name + " already");
      }
      TlsIdentity identity = authority.issue(subject, type, purpose, validity);
      X509Certificate certificate = identity.certificate();
      PrivateFiles.folder(issued());
      PrivateFiles.write(
          issued().resolve(certificate.getSerialNumber().toString(16) + ".crt"),
          Certificates.toPem(certificate));
      CertificateAuthority.save(folder, name, identity);
      return identity;
    });
  }

  /** Revokes a serial number, durably, with a new list; again is no harm. */
  public void revoke(BigInteger serial) throws IOException {
    var _ =
        locked(authority -> {
          authority.revoke(serial);
          authority.saveRevocations(folder);
          return authority;
        });
  }

  /** Signs the list of what is revoked anew, so that it is fresh. */
  public X509CRL renew() throws IOException {
    return locked(authority -> {
      authority.saveRevocations(folder);
      return authority.crl();
    });
  }

  /** What has been issued into this folder, by name. */
  public List<Issued> list() throws IOException {
    CertificateAuthority authority = CertificateAuthority.load(folder, clock);
    List<Issued> all = new ArrayList<>();
    if (Files.isDirectory(issued())) {
      try (Stream<Path> files = Files.list(issued())) {
        for (Path file : files.filter(f -> f.toString().endsWith(".crt")).sorted().toList()) {
          X509Certificate certificate =
              Certificates.oneFromPem(
                  new String(PrivateFiles.read(file, MAX_CERTIFICATE), StandardCharsets.US_ASCII));
          all.add(
              new Issued(
                  certificate, authority.revokedAt(certificate.getSerialNumber()).isPresent()));
        }
      }
    }
    all.sort(Comparator.comparing(each -> each.certificate.getSubjectX500Principal().getName()));
    return all;
  }

  /** The certificate that is kept under a name. */
  public X509Certificate find(String name) throws IOException {
    return CertificateAuthority.load(folder, name).certificate();
  }

  /** The list of what is revoked, in DER. */
  public byte[] crl() throws IOException {
    return PrivateFiles.read(folder.resolve("cacrl.der"), 4 << 20);
  }

  /** The answer to an OCSP request. */
  public byte[] ocsp(byte[] request) throws IOException {
    return CertificateAuthority.load(folder, clock).ocsp(request);
  }

  private Path issued() {
    return folder.resolve("issued");
  }

  private <T> T locked(Change<T> change) throws IOException {
    // A lock of the file counts between processes, that of the class within this one.
    synchronized (AuthorityFolder.class) {
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve("lock"),
                  Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                  PosixFilePermissions.asFileAttribute(
                      PosixFilePermissions.fromString("rw-------")));
          FileLock _ = channel.lock()) {
        return change.in(CertificateAuthority.load(folder, clock));
      }
    }
  }
}
