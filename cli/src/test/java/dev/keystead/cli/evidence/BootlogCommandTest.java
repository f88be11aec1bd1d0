package dev.keystead.cli.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.cli.Boots;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.Ran;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.quote.PcrFile;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.tpm.structure.HashAlg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class BootlogCommandTest {
  static final List<String> BOOTS = Boots.CLEAN;

  private static final String LOG = "binary_bios_measurements";

  @TempDir private Path folder;

  @ParameterizedTest
  @FieldSource("BOOTS")
  void everyRealLogReplaysToTheQuotedPcrs(String boot) throws IOException {
    Ran ran = Ran.keystead("evidence", "bootlog", "--output", "json", Boots.of(boot).resolve(LOG));
    assertThat(ran.code()).as(ran.toString()).isEqualTo(ExitCode.TRUSTED);
    PcrValues quoted = PcrFile.parse(Files.readAllBytes(Boots.of(boot).resolve("quote_ecc.pcrs")));
    Map<String, Json> replayed = bank(ran, "sha256");
    assertThat(replayed).containsKeys("0", "4", "7");
    replayed.forEach((pcr, value) ->
        assertThat(value.toString())
            .as("PCR " + pcr)
            .contains(quoted.get(HashAlg.SHA256, Integer.parseInt(pcr)).orElseThrow().hex()));
    assertThat(ran.member("secureBoot"))
        .isEqualTo(
            switch (boot) {
              case "12-secureboot-on" -> "on";
              case "14-seabios-clean" -> "unknown";
              default -> "off";
            });
  }

  @Test
  void theTextNamesEveryEvent() {
    Ran ran = Ran.keystead("evidence", "bootlog", Boots.of("01-direct-clean").resolve(LOG));
    assertThat(ran.out()).contains("events: 24", "Secure Boot: off", "EV_SEPARATOR");
  }

  @Test
  void aLogThatIsCutShortIsUnreadable() throws IOException {
    byte[] whole = Files.readAllBytes(Boots.of("01-direct-clean").resolve(LOG));
    Path cut = folder.resolve("cut");
    Files.write(cut, Arrays.copyOf(whole, whole.length - 1));
    assertThat(Ran.keystead("evidence", "bootlog", cut).code()).isEqualTo(ExitCode.UNREADABLE);
    Files.write(cut, new byte[0]);
    assertThat(Ran.keystead("evidence", "bootlog", cut).code()).isEqualTo(ExitCode.UNREADABLE);
  }

  @Test
  void whatIsNoFileIsUnreadable() {
    assertThat(Ran.keystead("evidence", "bootlog", folder).code()).isEqualTo(ExitCode.UNREADABLE);
    Ran ran = Ran.keystead("evidence", "bootlog", folder.resolve("absent"));
    assertThat(ran.code()).isEqualTo(ExitCode.UNREADABLE);
    assertThat(ran.err()).contains("does not exist").doesNotContain("\tat ");
  }

  private static Map<String, Json> bank(Ran ran, String label) {
    Json.Obj pcrs = (Json.Obj) Objects.requireNonNull(ran.json().members().get("pcrs"));
    return ((Json.Obj) Objects.requireNonNull(pcrs.members().get(label))).members();
  }
}
