package dev.keystead.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own: exit codes, and what goes where. */
class ProcessTest {
  private static final Path BOOTS =
      Path.of("../evidence/src/test/resources/fixtures").toAbsolutePath().normalize();

  @TempDir private Path folder;

  private record Ran(int code, String out, String err) {}

  private Ran keystead(String... args) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.keystead.cli.Main"));
    command.addAll(List.of(args));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ended in time").isTrue();
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void theExitCodeIsTheVerdictAndTheOutputTheResultAlone() throws Exception {
    Ran good =
        keystead("appraise", BOOTS.resolve("01-direct-clean").toString(), "--output", "json");
    assertThat(good.code()).as(good.toString()).isEqualTo(0);
    assertThat(good.out()).startsWith("{").contains("\"trusted\": true");
    assertThat(good.err()).isEmpty();

    Ran bad = keystead("appraise", BOOTS.resolve("06-runtime-attacks/3b-tomtou").toString());
    assertThat(bad.code()).isEqualTo(1);
    assertThat(bad.out()).contains("NOT trusted", "ima-violation");
  }

  @Test
  void errorsAreOneSentenceOnStandardError() throws Exception {
    Ran unreadable = keystead("evidence", "bootlog", folder.resolve("absent").toString());
    assertThat(unreadable.code()).isEqualTo(3);
    assertThat(unreadable.out()).isEmpty();
    assertThat(unreadable.err().lines()).hasSize(1);

    Ran usage = keystead("evidence", "bootlog");
    assertThat(usage.code()).isEqualTo(2);
    assertThat(usage.out()).isEmpty();
  }

  @Test
  void theDemoComesTrue() throws Exception {
    Ran demo = keystead("demo", "--output", "json");
    assertThat(demo.code()).as(demo.toString()).isEqualTo(0);
    assertThat(demo.out())
        .startsWith("{")
        .contains("\"ok\": true")
        .contains("unlisted-tool: the policy does not list this file");
  }
}
