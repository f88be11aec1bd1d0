package dev.keystead.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.json.Json;
import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.revocation.Revocation;
import dev.keystead.keylime.revocation.SignedRevocation;
import dev.keystead.tenant.TenantException.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The payload of {@code --cert}. */
class CertificatePackageTest {
  private static final AgentId ID = AgentId.of("node-1");

  /** Made once: RSA keys take their time. */
  @TempDir private static Path authority;

  @TempDir private Path folder;

  @BeforeAll
  static void makeAuthority() {
    var _ =
        PreparedPayload.of(
            new PayloadSource.CertificatePackage(authority, List.of()),
            AgentId.of("node-0"),
            InstantSource.system());
  }

  @BeforeEach
  void copyAuthority() throws IOException {
    Path copy = folder.resolve("ca");
    Files.createDirectory(copy);
    try (var files = Files.list(authority)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private PreparedPayload build(AgentId id, List<Path> include) {
    return PreparedPayload.of(
        new PayloadSource.CertificatePackage(folder.resolve("ca"), include),
        id,
        InstantSource.system());
  }

  /** The files of a package, as text. */
  private record Entries(SequencedMap<String, String> files) {
    String text(String name) {
      return Objects.requireNonNull(files.get(name));
    }
  }

  private static Entries unzip(PreparedPayload payload) throws IOException {
    SequencedMap<String, String> entries = new LinkedHashMap<>();
    try (ZipInputStream in =
        new ZipInputStream(new ByteArrayInputStream(payload.plain().orElseThrow()))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
        entries.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
      }
    }
    return new Entries(entries);
  }

  @Test
  void itHoldsWhatKeylimesAgentsLookFor() throws Exception {
    Entries entries = unzip(build(ID, List.of()));
    assertThat(entries.files().keySet())
        .containsExactly(
            "node-1-public.pem",
            "node-1-cert.crt",
            "node-1-private.pem",
            "cacert.crt",
            "cacrl.der",
            "cacrl.pem",
            "RevocationNotifier-cert.crt");
    List<X509Certificate> ca = Certificates.fromPem(entries.text("cacert.crt"));
    X509Certificate node = Certificates.fromPem(entries.text("node-1-cert.crt")).getFirst();
    node.verify(ca.getFirst().getPublicKey());
    Certificates.fromPem(entries.text("RevocationNotifier-cert.crt"))
        .getFirst()
        .verify(ca.getFirst().getPublicKey());
    assertThat(node.getSubjectX500Principal().getName()).isEqualTo("OU=node,CN=node-1");
    assertThat(PrivateKeys.toPem(node.getPublicKey())).isEqualTo(entries.text("node-1-public.pem"));
    TlsIdentity identity =
        new TlsIdentity(PrivateKeys.fromPem(entries.text("node-1-private.pem")), List.of(node));
    assertThat(identity.certificate()).isEqualTo(node);
  }

  @Test
  void theVerifierSignsWithTheKeyThatTheAgentChecksWith() throws Exception {
    PreparedPayload payload = build(ID, List.of());
    X509Certificate notifier =
        Certificates.fromPem(unzip(payload).text("RevocationNotifier-cert.crt")).getFirst();
    Revocation revocation =
        new Revocation(
            Revocation.Type.COMM_ERROR,
            ID,
            Optional.empty(),
            "{}",
            "{}",
            "Sun Nov 22 03:00:13 2026",
            Optional.empty(),
            Optional.empty());
    assertThat(
            SignedRevocation.of(revocation, payload.revocationKey())
                .verify(notifier.getPublicKey()))
        .isEqualTo(revocation);
  }

  @Test
  void agentsOfOneOwnerShareTheNotifier() throws Exception {
    Entries one = unzip(build(ID, List.of()));
    Entries two = unzip(build(AgentId.of("node-2"), List.of()));
    assertThat(two.text("RevocationNotifier-cert.crt"))
        .isEqualTo(one.text("RevocationNotifier-cert.crt"));
    assertThat(two.text("node-2-private.pem")).isNotEqualTo(one.text("node-1-private.pem"));
  }

  @Test
  void theMetadataNamesTheCertificate() throws Exception {
    PreparedPayload payload = build(ID, List.of());
    X509Certificate node = Certificates.fromPem(unzip(payload).text("node-1-cert.crt")).getFirst();
    assertThat(payload.metadata())
        .isEqualTo(
            Json.object()
                .put("cert_serial", new Json.Num(node.getSerialNumber().toString()))
                .put("subject", "OU=node,CN=node-1")
                .build());
  }

  @Test
  void whatIsRevokedStandsInTheListThatIsSent() throws Exception {
    Entries before = unzip(build(ID, List.of()));
    CertificateAuthority authority =
        CertificateAuthority.load(folder.resolve("ca"), InstantSource.system());
    X509Certificate node = Certificates.fromPem(before.text("node-1-cert.crt")).getFirst();
    authority.revoke(node);
    authority.save(folder.resolve("ca"));
    String crl = unzip(build(AgentId.of("node-2"), List.of())).text("cacrl.der");
    assertThat(Certificates.crlFromDer(crl.getBytes(StandardCharsets.ISO_8859_1)).isRevoked(node))
        .isTrue();
  }

  @Test
  void theAuthorityIsTheOwnersAlone() throws Exception {
    var _ = build(ID, List.of());
    try (var files = Files.list(folder.resolve("ca"))) {
      assertThat(files)
          .isNotEmpty()
          .allSatisfy(file ->
              assertThat(Files.getPosixFilePermissions(file))
                  .isEqualTo(PosixFilePermissions.fromString("rw-------")));
    }
  }

  @Test
  void anAuthorityThatIsThereIsUsed() throws Exception {
    CertificateAuthority mine =
        CertificateAuthority.create(
            "mine", KeyType.EC_P256, Duration.ofDays(10), InstantSource.system());
    mine.save(folder.resolve("mine"));
    PreparedPayload payload =
        PreparedPayload.of(
            new PayloadSource.CertificatePackage(folder.resolve("mine"), List.of()),
            ID,
            InstantSource.system());
    String ca = unzip(payload).text("cacert.crt");
    assertThat(Certificates.fromPem(ca)).containsExactly(mine.certificate());
  }

  @Test
  void filesGoInUnderTheirOwnNames() throws Exception {
    Path script = Files.writeString(folder.resolve("autorun.sh"), "echo hello\n");
    Path actions = Files.writeString(folder.resolve("action_list"), "local_action_x\n");
    assertThat(unzip(build(ID, List.of(script, actions))).files())
        .containsEntry("autorun.sh", "echo hello\n")
        .containsEntry("action_list", "local_action_x\n");
  }

  @Test
  void aFileMayNotTakeThePlaceOfAnother() throws Exception {
    Path ca = Files.writeString(folder.resolve("cacert.crt"), "mine");
    assertBadInput("has a cacert.crt already", () -> build(ID, List.of(ca)));
  }

  @Test
  void aFileWithAnOddNameIsRefused() throws Exception {
    Path odd = Files.writeString(folder.resolve("a b"), "x");
    assertBadInput("its name", () -> build(ID, List.of(odd)));
  }

  @Test
  void moreThanAnAgentTakesIsRefused() throws Exception {
    Path big = Files.write(folder.resolve("big"), new byte[1 << 20]);
    assertBadInput("larger than", () -> build(ID, List.of(big)));
    Path half = Files.write(folder.resolve("half"), new byte[600_000]);
    Path rest = Files.write(folder.resolve("rest"), new byte[600_000]);
    assertBadInput("agents take", () -> build(ID, List.of(half, rest)));
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertBadInput("nowhere", () -> build(ID, List.of(folder.resolve("nowhere"))));
  }

  private static void assertBadInput(String words, Runnable attempt) {
    assertThatThrownBy(attempt::run)
        .isInstanceOfSatisfying(
            TenantException.class, e -> assertThat(e.problem()).isEqualTo(Problem.BAD_INPUT))
        .hasMessageContaining(words);
  }
}
