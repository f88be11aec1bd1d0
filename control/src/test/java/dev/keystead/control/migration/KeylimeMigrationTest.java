package dev.keystead.control.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.control.TestTpm;
import dev.keystead.control.migration.Item.Fate;
import dev.keystead.control.migration.Item.Kind;
import dev.keystead.control.store.Store;
import dev.keystead.http.tls.CertificateAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which rows of Keylime's are taken, and what stands in the way. */
class KeylimeMigrationTest {
  @TempDir private Path folder;
  private Optional<TestTpm> chip = Optional.empty();
  private Optional<KeylimeHouse> made = Optional.empty();

  @BeforeEach
  void open() throws Exception {
    chip = Optional.of(TestTpm.open(Files.createDirectory(folder.resolve("tpm"))));
    made = Optional.of(new KeylimeHouse(Files.createDirectory(folder.resolve("keylime"))));
    house().addRuntimePolicy(1, "files", KeylimeHouse.POLICY);
  }

  @AfterEach
  void close() throws Exception {
    tpm().close();
  }

  private TestTpm tpm() {
    return chip.orElseThrow();
  }

  private KeylimeHouse house() {
    return made.orElseThrow();
  }

  private Path target() {
    return folder.resolve("ours");
  }

  private Item survey(Kind kind, String name) throws Exception {
    return house().to(target()).survey().items().stream()
        .filter(item -> item.kind() == kind && item.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Item node(String column, Object value) throws Exception {
    Map<String, Object> row = KeylimeHouse.node("a", tpm());
    row.put(column, value);
    house().addNode(row);
    return survey(Kind.NODE, "a");
  }

  @Test
  void aTrustedNodeIsTakenWithItsShareAndProvesItselfAgain() throws Exception {
    house().addRegistration(KeylimeHouse.registration("a", tpm()));
    house().addNode(KeylimeHouse.node("a", tpm()));
    Map<String, Long> before = house().files();

    Report report = house().to(target()).apply(false);

    assertThat(report.count(Fate.REFUSED)).isZero();
    assertThat(report.count(Fate.TAKEN)).isEqualTo(3);
    assertThat(house().files()).isEqualTo(before);
    try (Store store = Store.open(target().resolve("verifier.db"))) {
      String row =
          store.read(c -> {
            try (var s = c.createStatement();
                var r =
                    s.executeQuery(
                        "SELECT state, status, attestations, length(share), runtime_policy"
                            + " FROM node WHERE agent_id = 'a'")) {
              return r.next()
                  ? "%d %s %d %d %s"
                      .formatted(
                          r.getInt(1), r.getString(2), r.getInt(3), r.getInt(4), r.getString(5))
                  : "nothing";
            }
          });
      assertThat(row).isEqualTo("1 PENDING 17 32 files");
    }
    assertThat(Files.getPosixFilePermissions(target().resolve("cv_ca/ca-private.pem")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    var _ = CertificateAuthority.load(target().resolve("cv_ca"), InstantSource.system()).trust();
    try (var files = Files.list(target())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("cv_ca", "registrar.db", "verifier.db", "migration.json");
    }
  }

  @Test
  void aNodeThatWasFoundBadStaysBad() throws Exception {
    Map<String, Object> row = KeylimeHouse.node("a", tpm());
    row.put("operational_state", 9);
    row.put("last_event_id", "ima.validation.ima-ng.not_in_allowlist");
    house().addNode(row);
    Migration migration = house().to(target());

    var _ = migration.apply(false);

    assertThat(WayBack.read(target()).differences(migration).failed()).containsExactly("a");
  }

  @Test
  void anotherKeyAtTheVerifierThanAtTheRegistrarIsRefused() throws Exception {
    try (TestTpm other = TestTpm.open(Files.createDirectory(folder.resolve("other")))) {
      house().addRegistration(KeylimeHouse.registration("a", other));
      house().addNode(KeylimeHouse.node("a", tpm()));
      assertThat(survey(Kind.NODE, "a").fate()).isEqualTo(Fate.REFUSED);
    }
  }

  @Test
  void nodesThatCannotBeWatchedAreRefusedWithTheReason() throws Exception {
    assertThat(node("mtls_cert", "disabled").why()).contains("mutual TLS");
  }

  @Test
  void aNodeThatPushesIsRefused() throws Exception {
    Map<String, Object> row = KeylimeHouse.node("a", tpm());
    row.remove("ip");
    house().addNode(row);
    assertThat(survey(Kind.NODE, "a").why()).contains("pushes");
  }

  @Test
  void theEmptyPolicyThatJudgesFilesIsRefusedAndThatDoesNotIsLeft() throws Exception {
    house()
        .addRuntimePolicy(
            2, "none", KeylimeHouse.POLICY.replace("\"generator\":3", "\"generator\":1"));
    assertThat(node("ima_policy_id", 2).fate()).isEqualTo(Fate.REFUSED);
    Map<String, Object> row = KeylimeHouse.node("b", tpm());
    row.put("ima_policy_id", 2);
    row.put("tpm_policy", "\"{\\\"mask\\\": \\\"0x0\\\"}\"");
    house().addNode(row);
    assertThat(survey(Kind.NODE, "b").fate()).isEqualTo(Fate.TAKEN);
  }

  @Test
  void aNodeOfAnotherVerifierAndARegistrationWithoutProofAreLeft() throws Exception {
    assertThat(node("verifier_id", "second").fate()).isEqualTo(Fate.LEFT);
    Map<String, Object> row = KeylimeHouse.registration("b", tpm());
    row.put("active", 0);
    house().addRegistration(row);
    assertThat(survey(Kind.REGISTRATION, "b").fate()).isEqualTo(Fate.LEFT);
  }

  @Test
  void nothingIsDoneWhileSomethingIsRefusedUnlessTheOperatorSaysSo() throws Exception {
    var _ = node("mtls_cert", "disabled");
    Migration migration = house().to(target());
    assertThatThrownBy(() -> migration.apply(false)).isInstanceOf(MigrationException.class);
    assertThat(target()).doesNotExist();
    assertThat(migration.apply(true).count(Fate.REFUSED)).isEqualTo(1);
    assertThatThrownBy(() -> migration.apply(true))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("is there already");
  }

  @Test
  void anAuthorityUnderAnotherPasswordStopsEverything() throws Exception {
    Migration migration = house().to(target(), Optional.of("wrong"));
    assertThatThrownBy(migration::survey)
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("another password");
  }

  @Test
  void aDatabaseThatCannotBeReadIsNamedAndItsPasswordIsNot() throws Exception {
    house().configure("verifier", "database_url = mysql://root:secret@db/keylime");
    assertThatThrownBy(() -> house().to(target()))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("mysql")
        .hasMessageNotContaining("secret");
    house().configure("verifier", "database_url = postgresql://k:secret@127.0.0.1:1/keylime");
    assertThatThrownBy(() -> house().to(target()).survey())
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("PostgreSQL keylime at 127.0.0.1")
        .hasMessageNotContaining("secret");
  }

  @Test
  void theWayBackSaysWhenKeylimesDatabasesHaveChangedAndEndsWhenItIsClosed() throws Exception {
    house().addNode(KeylimeHouse.node("a", tpm()));
    Migration migration = house().to(target());
    var _ = migration.apply(false);
    assertThat(WayBack.read(target()).differences(migration).untouched()).isTrue();
    house().addNode(KeylimeHouse.node("b", tpm()));
    assertThat(WayBack.read(target()).differences(migration).untouched()).isFalse();

    var _ = WayBack.read(target()).close(target(), InstantSource.system());

    assertThatThrownBy(() -> WayBack.read(target()).differences(migration))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("closed");
  }
}
