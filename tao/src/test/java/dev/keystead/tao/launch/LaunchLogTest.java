package dev.keystead.tao.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.claims.Sha256;
import dev.keystead.tao.Machine;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchLogTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-22T18:00:00.5Z"));
  private static final Measurement PROGRAM = Measurement.parse("ab".repeat(32));

  @TempDir Path folder;
  private Machine machine;
  private PcrRegister register;
  private Path path;

  @BeforeEach
  void switchOn() throws Exception {
    machine = new Machine(Files.createDirectory(folder.resolve("tpm")));
    register = new PcrRegister(machine.tpm());
    path = folder.resolve("log");
  }

  @AfterEach
  void switchOff() throws Exception {
    machine.close();
  }

  private static ProgramSpec spec(String file) {
    return Programs.spec(new ProgramSpec.Executable(Path.of(file)));
  }

  private void launch(String... files) throws Exception {
    try (LaunchLog log = LaunchLog.open(path, register, CLOCK)) {
      for (String file : files) {
        log.launching(PROGRAM, spec(file));
      }
    }
  }

  private byte[] replayed() throws Exception {
    byte[] pcr = new byte[Sha256.SIZE];
    for (String line : Files.readAllLines(path)) {
      pcr = Sha256.of(pcr, Sha256.of(line.getBytes(StandardCharsets.US_ASCII)));
    }
    return pcr;
  }

  @Test
  void everyLaunchIsALineAndIsExtended() throws Exception {
    launch("/opt/one", "/opt/two \n%ä");
    assertThat(Files.readAllLines(path))
        .containsExactly(
            "launch1 2026-11-22T18:00:00Z %s %d base one".formatted("ab".repeat(32), Programs.UID),
            "launch1 2026-11-22T18:00:00Z %s %d base two%%20%%0a%%25%%c3%%a4"
                .formatted("ab".repeat(32), Programs.UID));
    assertThat(register.sha256()).isEqualTo(replayed());
    assertThat(Files.getPosixFilePermissions(path))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aHostThatStartsAgainGoesOn() throws Exception {
    launch("/one");
    launch("/two");
    launch();
    assertThat(Files.readAllLines(path)).hasSize(2);
    assertThat(register.sha256()).isEqualTo(replayed());
  }

  @Test
  void aLineThatACrashLeftUnextendedIsExtended() throws Exception {
    launch("/one");
    String line = Files.readAllLines(path).getFirst() + "-unextended\n";
    Files.writeString(path, line, StandardOpenOption.APPEND);
    assertThat(register.sha256()).isNotEqualTo(replayed());
    launch();
    assertThat(register.sha256()).isEqualTo(replayed());
    launch("/two");
    assertThat(register.sha256()).isEqualTo(replayed());
  }

  @Test
  void aLineThatACrashLeftUnfinishedIsCutOff() throws Exception {
    launch("/one");
    Files.writeString(path, "launch1 2026", StandardOpenOption.APPEND);
    launch("/two");
    assertThat(Files.readAllLines(path)).hasSize(2);
    assertThat(register.sha256()).isEqualTo(replayed());
  }

  @Test
  void aLogThatWasChangedOrRemovedIsNotGoneOnWith() throws Exception {
    launch("/one", "/two", "/three");
    List<String> lines = Files.readAllLines(path);
    for (List<String> changed :
        List.of(
            List.<String>of(),
            lines.subList(0, 1),
            lines.subList(1, 3),
            List.of(lines.get(1), lines.get(0), lines.get(2)),
            List.of(lines.get(0), lines.get(1), lines.get(2), "x", "y"))) {
      Files.write(path, changed);
      assertThatThrownBy(() -> launch())
          .isInstanceOfSatisfying(
              TaoException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    }
  }

  @Test
  void aRegisterThatSomebodyElseExtendedIsNotGoneOnWith() throws Exception {
    register.extend(new byte[] {1});
    assertThatThrownBy(() -> launch())
        .isInstanceOf(TaoException.class)
        .hasMessageContaining("register");
  }

  @Test
  void aRegisterThatFailsLetsNothingStartAnyMore() throws Exception {
    LaunchRegister failing =
        new LaunchRegister() {
          @Override
          public byte[] sha256() throws TaoException {
            return register.sha256();
          }

          @Override
          public void extend(byte[] event) throws TaoException {
            throw new TaoException(Reason.UNAVAILABLE, "the TPM does not answer");
          }
        };
    try (LaunchLog log = LaunchLog.open(path, failing, CLOCK)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> log.launching(PROGRAM, spec("/one")))
            .isInstanceOf(TaoException.class);
      }
    }
    assertThat(Files.readAllLines(path)).hasSize(1);
  }

  @Test
  void theRegisterStartsAtZeroWithEachResetOfTheMachine() throws Exception {
    launch("/one");
    machine.reset();
    register = new PcrRegister(machine.tpm());
    assertThat(register.sha256()).isEqualTo(new byte[Sha256.SIZE]);
    launch("/two");
    assertThat(register.sha256()).isEqualTo(replayed());
    assertThat(Files.readString(path)).contains("two").doesNotContain("one");
    assertThat(Files.readString(folder.resolve("log.before"))).contains("one");
  }
}
