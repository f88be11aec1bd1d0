package dev.keystead.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.KeysteadCommand;
import dev.keystead.cli.Ran;
import dev.keystead.keylime.config.ConfigFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Where options come from. */
class ConfigurationTest {
  @TempDir private Path folder;

  private String file(String... lines) throws IOException {
    return Files.write(folder.resolve("file.conf"), List.of(lines)).toString();
  }

  /** The value that an option of a verb has in the end. */
  private static Object value(
      String verb, String option, Map<String, String> environment, String... arguments) {
    List<String> line = new ArrayList<>(List.of(arguments));
    line.addFirst(verb);
    CommandLine root = KeysteadCommand.commandLine();
    root.setDefaultValueProvider(Configuration.of(line, environment));
    var _ = root.parseArgs(line.toArray(String[]::new));
    CommandLine command = Objects.requireNonNull(root.getSubcommands().get(verb));
    return Objects.requireNonNull(command.getCommandSpec().findOption(option).getValue());
  }

  @Test
  void theCommandLineComesBeforeTheEnvironmentBeforeTheFileBeforeTheDefault() throws Exception {
    String conf = file("# ours", "[verifier]", "interval = 300");
    Map<String, String> environment = Map.of("KEYSTEAD_VERIFIER_INTERVAL", "200");
    assertThat(value("verifier", "--interval", Map.of())).isEqualTo(2000L);
    assertThat(value("verifier", "--interval", Map.of(), "--config", conf)).isEqualTo(300L);
    assertThat(value("verifier", "--interval", environment, "--config=" + conf)).isEqualTo(200L);
    assertThat(value("verifier", "--interval", environment, "--interval", "100")).isEqualTo(100L);
    assertThat(value("verifier", "--interval", Map.of("KEYSTEAD_CONFIG", conf))).isEqualTo(300L);
  }

  @Test
  void whatACommandNeedsMayStandInTheFile() throws Exception {
    String conf =
        file(
            "[agent]",
            "contact = 192.0.2.7",
            "registrar = \"192.0.2.1:8890\"",
            "clients = /etc/cacert.crt",
            "emulate-ima = true",
            "revocation-actions = one,two");
    assertThat(value("agent", "--contact", Map.of(), "--config", conf)).isEqualTo("192.0.2.7");
    assertThat(value("agent", "--emulate-ima", Map.of(), "--config", conf)).isEqualTo(true);
    assertThat(value("agent", "--revocation-actions", Map.of(), "--config", conf))
        .isEqualTo(List.of("one", "two"));
  }

  @Test
  void keylimesFileSaysWhatIsSaidNowhereElse() throws Exception {
    String ours = file("[verifier]", "listen = 127.0.0.1:1");
    String keylime =
        Files.writeString(
                folder.resolve("verifier.conf"),
                "[verifier]\nip = \"::1\"\nport = 7\nquote_interval = 0.5\n")
            .toString();
    assertThat(value("verifier", "--interval", Map.of(), "--keylime-config", keylime))
        .isEqualTo(500L);
    assertThat(value("verifier", "--listen", Map.of(), "--keylime-config", keylime))
        .hasToString("HostPort[host=::1, port=7]");
    assertThat(
            value("verifier", "--listen", Map.of(), "--config", ours, "--keylime-config", keylime))
        .hasToString("HostPort[host=127.0.0.1, port=1]");
    assertThatThrownBy(
            () -> Configuration.of(List.of("registrar", "--keylime-config", keylime), Map.of()))
        .isInstanceOf(ConfigFileException.class);
  }

  @Test
  void aFileThatIsNotThereOrCannotBeReadStopsTheCommand() throws Exception {
    String broken = file("[verifier]", "interval");
    for (String name : List.of(broken, folder.resolve("absent").toString())) {
      assertThatThrownBy(() -> Configuration.of(List.of("verifier", "--config", name), Map.of()))
          .isInstanceOf(CommandException.class);
    }
  }

  @Test
  void validateNamesWhatIsWrong() throws Exception {
    Ran good =
        Ran.keystead(
            "config", "validate", file("[node]", "ek-roots = /etc/makers", "[agent]", "id = a"));
    assertThat(good.code()).as(good.toString()).isZero();

    Ran bad =
        Ran.keystead(
            "config",
            "validate",
            file(
                "[verifier]",
                "interval = often",
                "no-such = 1",
                "[registrar]",
                "listen = 127.0.0.1:8890",
                "[unheard]",
                "a = b"));
    assertThat(bad.code()).isEqualTo(3);
    assertThat(bad.out())
        .contains("[verifier] interval:", "[verifier] no-such: there is no such key", "[unheard]")
        .doesNotContain("[registrar]\n");
  }

  @Test
  void showSaysWhereEachValueIsFrom() throws Exception {
    Ran shown =
        Ran.keystead("config", "show", "verifier", "--config", file("[verifier]", "interval = 7"));
    assertThat(shown.code()).isZero();
    assertThat(shown.out())
        .contains("interval = 7    # file", "listen = 0.0.0.0:8881    # default");
  }

  @Test
  void theReportOnKeylimesFileSaysWhatIsUsedWhatNotAndWhy() throws Exception {
    Ran report =
        Ran.keystead(
            "config",
            "show",
            "--keylime",
            file(
                "[agent]",
                "port = 9010",
                "contact_ip = \"192.0.2.7\"",
                "tpm_ownerpassword = \"owner's secret\"",
                "secure_sizes = \"1m\""));
    assertThat(report.code()).isEqualTo(1);
    assertThat(report.out())
        .contains(
            "used     port = 9010: as listen = 0.0.0.0:9010",
            "used     contact_ip = 192.0.2.7: as contact = 192.0.2.7",
            "ignored  tpm_ownerpassword = (not shown): ",
            "UNKNOWN  secure_sizes = 1m")
        .doesNotContain("owner's secret");
  }
}
