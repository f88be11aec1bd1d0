package dev.keystead.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CertificateAuthorityTest {
  private static final Duration YEAR = Duration.ofDays(365);

  @TempDir Path temp;

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void anAuthorityLooksTheSameAfterItWasSavedAndLoaded(KeyType type) throws Exception {
    CertificateAuthority authority = create(type);
    TlsIdentity revoked = client(authority);
    authority.revoke(revoked.certificate());
    Path folder = temp.resolve("cv_ca");
    authority.save(folder);

    CertificateAuthority loaded = CertificateAuthority.load(folder, InstantSource.system());
    assertThat(loaded.certificate()).isEqualTo(authority.certificate());
    assertThat(loaded.crl().isRevoked(revoked.certificate())).isTrue();
    TlsIdentity later = client(loaded);
    later.certificate().verify(authority.certificate().getPublicKey());
    loaded.revoke(later.certificate());
    assertThat(loaded.crl().getRevokedCertificates()).hasSize(2);
  }

  @Test
  void theFolderIsLaidOutLikeKeylimesAndPrivate() throws IOException {
    CertificateAuthority authority = create(KeyType.EC_P256);
    Path folder = temp.resolve("a/cv_ca");
    authority.save(folder);
    CertificateAuthority.save(folder, "server", server(authority));
    CertificateAuthority.save(folder, "client", client(authority));
    Set<String> names = new HashSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        names.add(file.getFileName().toString());
        assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------");
      }
    }
    assertThat(names)
        .containsExactlyInAnyOrder(
            "cacert.crt",
            "ca-public.pem",
            "ca-private.pem",
            "cacrl.der",
            "cacrl.pem",
            "server-cert.crt",
            "server-private.pem",
            "server-public.pem",
            "client-cert.crt",
            "client-private.pem",
            "client-public.pem");
    assertThat(mode(folder)).isEqualTo("rwx------");
    assertThat(mode(temp.resolve("a"))).isEqualTo("rwx------");
    TlsIdentity loaded = CertificateAuthority.load(folder, "client");
    assertThat(loaded.toString()).isEqualTo("TlsIdentity[CN=client]");
  }

  @Test
  void aFileThatOthersCouldReadBecomesPrivateWhenItIsReplaced() throws IOException {
    Path file = temp.resolve("key.pem");
    Files.writeString(file, "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    PrivateFiles.write(file, "new");
    assertThat(file).hasContent("new");
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(temp.toFile().list()).containsExactly("key.pem");
  }

  @Test
  void aFileAboveItsLimitIsNotRead() throws IOException {
    Path file = temp.resolve("file");
    Files.write(file, new byte[11]);
    assertThat(PrivateFiles.read(file, 11)).hasSize(11);
    assertThatThrownBy(() -> PrivateFiles.read(file, 10)).isInstanceOf(IOException.class);
  }

  @Test
  void aRevocationListOfAnotherAuthorityIsNotLoaded() throws IOException {
    Path folder = temp.resolve("cv_ca");
    create(KeyType.EC_P256).save(folder);
    Path other = temp.resolve("other");
    create(KeyType.EC_P256).save(other);
    Files.copy(
        other.resolve("cacrl.der"),
        folder.resolve("cacrl.der"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> CertificateAuthority.load(folder, InstantSource.system()))
        .isInstanceOf(CredentialException.class);
  }

  @Test
  void aKeyOfAnotherCertificateMakesNoIdentity() {
    CertificateAuthority authority = create(KeyType.EC_P256);
    TlsIdentity one = client(authority);
    TlsIdentity other = client(authority);
    assertThatThrownBy(() -> new TlsIdentity(one.key(), other.chain()))
        .isInstanceOf(CredentialException.class);
    TlsIdentity rsa = authority.issue(Subject.named("rsa"), KeyType.RSA_2048, Purpose.CLIENT, YEAR);
    assertThatThrownBy(() -> new TlsIdentity(one.key(), rsa.chain()))
        .isInstanceOf(CredentialException.class);
  }

  @Test
  void certificatesSayWhatTheyAreFor() throws Exception {
    CertificateAuthority authority = create(KeyType.EC_P256);
    X509Certificate root = authority.certificate();
    assertThat(root.getBasicConstraints()).isZero();
    assertThat(root.getKeyUsage()[5] && root.getKeyUsage()[6]).isTrue();
    X509Certificate server = server(authority).certificate();
    assertThat(server.getBasicConstraints()).isEqualTo(-1);
    assertThat(server.getKeyUsage()[0]).isTrue();
    assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(server.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(
            List.of(2, "localhost"), List.of(7, "127.0.0.1"), List.of(7, "0:0:0:0:0:0:0:1"));
    assertThat(server.getSerialNumber().signum()).isPositive();
    assertThat(server.getSerialNumber().bitLength()).isBetween(100, 159);
    assertThatCode(() -> server.checkValidity()).doesNotThrowAnyException();
  }

  @Test
  void onlyOwnCertificatesAreRevoked() {
    CertificateAuthority authority = create(KeyType.EC_P256);
    TlsIdentity foreign = client(create(KeyType.EC_P256));
    assertThatThrownBy(() -> authority.revoke(foreign.certificate()))
        .isInstanceOf(CredentialException.class);
  }

  @Test
  void aRevocationListIsSignedAndCounted() throws Exception {
    CertificateAuthority authority = create(KeyType.RSA_2048);
    X509CRL before = authority.crl();
    assertThat(before.getRevokedCertificates()).isNull();
    authority.revoke(client(authority).certificate());
    X509CRL after = authority.crl();
    after.verify(authority.certificate().getPublicKey());
    assertThat(RevocationList.of(after).number()).isGreaterThan(RevocationList.of(before).number());
  }

  @Test
  void anAgentsCertificateNamesItAndItsAddresses() throws Exception {
    Subject subject =
        new Subject("d432fbb3", List.of("localhost"), List.of(InetAddress.ofLiteral("10.0.0.7")));
    TlsIdentity agent = SelfSigned.identity(subject, InstantSource.system().instant(), YEAR);
    X509Certificate certificate = agent.certificate();
    certificate.verify(certificate.getPublicKey());
    assertThat(certificate.getSubjectX500Principal()).hasToString("CN=d432fbb3");
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(List.of(2, "localhost"), List.of(7, "10.0.0.7"));
    assertThatCode(() -> HostNames.check(certificate, "10.0.0.7")).doesNotThrowAnyException();
    assertThatThrownBy(() -> HostNames.check(certificate, "10.0.0.8"))
        .isInstanceOf(CertificateException.class);
    assertThatThrownBy(() -> HostNames.check(certificate, "d432fbb3"))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void onlyAnAuthorityCanBeTrustedAsOne() {
    X509Certificate leaf = client(create(KeyType.EC_P256)).certificate();
    assertThatThrownBy(() -> TrustedCertificates.authorities(List.of(leaf)))
        .isInstanceOf(CredentialException.class);
    assertThatThrownBy(() -> TrustedCertificates.authorities(List.of()))
        .isInstanceOf(CredentialException.class);
  }

  private static CertificateAuthority create(KeyType type) {
    return CertificateAuthority.create("authority", type, YEAR, InstantSource.system());
  }

  private static TlsIdentity client(CertificateAuthority authority) {
    return authority.issue(Subject.named("client"), KeyType.EC_P256, Purpose.CLIENT, YEAR);
  }

  private static TlsIdentity server(CertificateAuthority authority) {
    return authority.issue(Subject.local("server"), KeyType.EC_P256, Purpose.SERVER, YEAR);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
