package dev.keystead.lab.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.cli.KeysteadCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The configuration files of the release that Keylime's own program writes. */
@Tag("slow")
@Tag("peers")
class OptionsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"registrar", "verifier", "tenant", "agent", "ca", "logging"})
  void everyOptionOfTheReleaseIsKnown(String component) throws Exception {
    Path file = Settings.of(Installed.servers(), folder).file(component);
    StringWriter out = new StringWriter();
    CommandLine line = KeysteadCommand.commandLine().setOut(new PrintWriter(out, true));
    int exit = line.execute("config", "show", "--keylime", file.toString());
    assertThat(out.toString()).isNotEmpty().doesNotContain("UNKNOWN");
    assertThat(exit).isZero();
  }
}
