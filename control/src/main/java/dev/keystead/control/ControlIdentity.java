package dev.keystead.control;

import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.http.tls.Purpose;
import dev.keystead.http.tls.RevocationFile;
import dev.keystead.http.tls.Subject;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.http.tls.TrustedCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Who the control plane is, in a folder laid out as Keylime's {@code cv_ca}: the authority, the
 * servers' identity, and the identity that owner and verifier show as clients.
 *
 * @param server shown by registrar and verifier
 * @param client shown to agents by the verifier, and to the servers by the owner
 * @param trust what the authority certifies
 */
public record ControlIdentity(TlsIdentity server, TlsIdentity client, TrustedCertificates trust) {
  private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(3650);
  private static final Duration VALIDITY = Duration.ofDays(365);
  private static final int MAX_AUTHORITIES = 1 << 20;

  /**
   * Reads the folder, which is made with new keys when there is none: whole or not at all.
   *
   * @throws IOException if it cannot be read or made
   * @throws CredentialException if what is there does not belong together
   */
  public static ControlIdentity open(Path folder, InstantSource clock) throws IOException {
    if (!Files.exists(folder)) {
      create(folder.toAbsolutePath(), clock);
    }
    return new ControlIdentity(
        CertificateAuthority.load(folder, "server"),
        CertificateAuthority.load(folder, "client"),
        trust(folder, clock));
  }

  /** Asks the folder at each connection what is revoked; its private key is not needed. */
  private static TrustedCertificates trust(Path folder, InstantSource clock) throws IOException {
    List<X509Certificate> authorities =
        Certificates.fromPem(
            new String(
                PrivateFiles.read(folder.resolve("cacert.crt"), MAX_AUTHORITIES),
                StandardCharsets.US_ASCII));
    return TrustedCertificates.authorities(authorities)
        .at(clock)
        .revoking(RevocationFile.of(folder.resolve("cacrl.der")));
  }

  private static void create(Path folder, InstantSource clock) throws IOException {
    CertificateAuthority authority =
        CertificateAuthority.create("Keystead control", KeyType.EC_P256, AUTHORITY_VALIDITY, clock);
    Path parent = folder.getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      PrivateFiles.folder(parent);
    }
    Path fresh =
        folder.resolveSibling(folder.getFileName() + ".new-" + ProcessHandle.current().pid());
    authority.save(fresh);
    CertificateAuthority.save(
        fresh,
        "server",
        authority.issue(Subject.local("server"), KeyType.EC_P256, Purpose.SERVER, VALIDITY));
    CertificateAuthority.save(
        fresh,
        "client",
        authority.issue(Subject.named("client"), KeyType.EC_P256, Purpose.CLIENT, VALIDITY));
    try {
      Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      // Another server of this machine made it first: its identity is the one.
      try (var files = Files.list(fresh)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(fresh);
    }
  }
}
