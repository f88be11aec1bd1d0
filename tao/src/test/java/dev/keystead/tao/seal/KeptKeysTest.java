package dev.keystead.tao.seal;

import static dev.keystead.tao.seal.Seals.CLOCK;
import static dev.keystead.tao.seal.Seals.NOW;
import static dev.keystead.tao.seal.Seals.OTHER;
import static dev.keystead.tao.seal.Seals.OWNER;
import static dev.keystead.tao.seal.Seals.OWNER_PAIR;
import static dev.keystead.tao.seal.Seals.PROGRAM;
import static dev.keystead.tao.seal.Seals.approved;
import static dev.keystead.tao.seal.Seals.assertRefused;
import static dev.keystead.tao.seal.Seals.bytes;
import static dev.keystead.tao.seal.Seals.release;
import static dev.keystead.tao.seal.Seals.root;
import static dev.keystead.tao.seal.Seals.signer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.tao.Measurement;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.attestation.Validity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys as objects: who gets one, and who does not. */
class KeptKeysTest {
  private static final Permission.Key WANTED = new Permission.Key(PROGRAM.measurement(), "files");
  private static final byte[] KEY = bytes("the key of all files, in clear nowhere");

  @TempDir Path directory;

  private Path keys;
  private KeptKeys kept;

  @BeforeEach
  void keep() throws Exception {
    keys = directory.resolve("keys");
    kept = new KeptKeys(root("a secret", "a host"), keys, CLOCK);
    kept.put(PROGRAM, "files", KEY);
  }

  @AfterEach
  void close() throws Exception {
    kept.close();
  }

  private static Caller permitted(Measurement program, Permission.Key key, Instant expires) {
    try {
      Validity validity = new Validity(NOW.minusSeconds(3600), expires);
      byte[] signed = Permission.sign(signer(OWNER_PAIR), OWNER, program, key, validity);
      return new Caller(program, List.of(Permission.verify(signed, OWNER)));
    } catch (CredentialException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aProgramGetsItsOwnKeyAlsoAfterARestart() throws Exception {
    assertThat(kept.get(PROGRAM, "files")).isEqualTo(KEY);
    kept.close();
    kept = new KeptKeys(root("a secret", "a host"), keys, CLOCK);
    assertThat(kept.get(PROGRAM, "files")).isEqualTo(KEY);
    kept.put(PROGRAM, "files", bytes("another"));
    assertThat(kept.get(PROGRAM, "files")).isEqualTo(bytes("another"));
  }

  @Test
  void aNewVersionThatTheOwnerPermitsGetsTheKey() throws Exception {
    Caller next = permitted(OTHER.measurement(), WANTED, NOW.plusSeconds(60));
    assertThat(kept.get(next, WANTED)).isEqualTo(KEY);
  }

  @Test
  void nobodyElseGetsTheKeyWhateverElseIsSaidOfThem() {
    assertRefused(() -> kept.get(OTHER, WANTED));
    assertRefused(() -> kept.get(OTHER, "files"));
    assertRefused(() -> kept.get(release("db 9", "db", 9), WANTED));
    assertRefused(() -> kept.get(approved("another", NOW.plus(Duration.ofDays(1))), WANTED));
  }

  @Test
  void aPermissionForAnotherKeyOrAnotherProgramsKeyIsNone() {
    Measurement next = OTHER.measurement();
    Instant expires = NOW.plusSeconds(60);
    Permission.Key another = new Permission.Key(PROGRAM.measurement(), "mail");
    assertRefused(() -> kept.get(permitted(next, another, expires), WANTED));
    Permission.Key theirs = new Permission.Key(next, "files");
    assertRefused(() -> kept.get(permitted(next, theirs, expires), WANTED));
  }

  @Test
  void aPermissionThatHasExpiredIsNone() {
    assertRefused(() -> kept.get(permitted(OTHER.measurement(), WANTED, NOW), WANTED));
  }

  @Test
  void aPermissionDoesNotLetWrite() throws Exception {
    Caller next = permitted(OTHER.measurement(), WANTED, NOW.plusSeconds(60));
    kept.put(next, "files", bytes("theirs"));
    assertThat(kept.get(PROGRAM, "files")).isEqualTo(KEY);
    assertThat(kept.get(next, "files")).isEqualTo(bytes("theirs"));
  }

  @Test
  void aKeyThatIsMovedUnderAnotherNameOrHostIsRefused() throws Exception {
    kept.put(OTHER, "files", bytes("theirs"));
    List<Path> files = files();
    assertThat(files).hasSize(2);
    byte[] one = Files.readAllBytes(files.get(0));
    Files.copy(files.get(1), files.get(0), StandardCopyOption.REPLACE_EXISTING);
    Files.write(files.get(1), one);
    assertRefused(() -> kept.get(PROGRAM, "files"));
    assertRefused(() -> kept.get(OTHER, "files"));
    kept.close();
    kept = new KeptKeys(root("a secret", "another host"), keys, CLOCK);
    assertRefused(() -> kept.get(PROGRAM, "files"));
  }

  @Test
  void aKeysFileIsForItsHostOnlyAndWithAnyByteChangedIsRefused() throws Exception {
    Path file = files().getFirst();
    byte[] bytes = Files.readAllBytes(file);
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("key of all files");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
        .isEqualTo("rwx------");
    for (int at = 0; at < bytes.length; at++) {
      byte[] changed = bytes.clone();
      changed[at] ^= 1;
      Files.write(file, changed);
      assertRefused(() -> kept.get(PROGRAM, "files"));
    }
  }

  @Test
  void namesAndSizesHaveLimits() throws Exception {
    kept.put(PROGRAM, "empty", new byte[0]);
    assertThat(kept.get(PROGRAM, "empty")).isEmpty();
    kept.put(PROGRAM, "full", new byte[KeptKeys.MAX_KEY]);
    assertThat(kept.get(PROGRAM, "full")).hasSize(KeptKeys.MAX_KEY);
    for (String name : new String[] {"", "a b", "x".repeat(65), "../etc/passwd\n"}) {
      assertInvalid(name, KEY);
    }
    assertInvalid("long", new byte[KeptKeys.MAX_KEY + 1]);
  }

  private void assertInvalid(String name, byte[] key) {
    assertThatThrownBy(() -> kept.put(PROGRAM, name, key))
        .isInstanceOfSatisfying(
            TaoException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(keys)) {
      return files.filter(f -> !f.endsWith("lock")).sorted().toList();
    }
  }
}
