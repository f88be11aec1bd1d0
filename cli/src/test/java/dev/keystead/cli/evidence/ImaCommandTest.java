package dev.keystead.cli.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.cli.Boots;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.Ran;
import dev.keystead.evidence.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class ImaCommandTest {
  static final List<String> BOOTS = Boots.CLEAN;

  private static final String BINARY = "binary_runtime_measurements";
  private static final String ASCII = "ascii_runtime_measurements";

  @TempDir private Path folder;

  private static Ran ima(Path list) {
    return Ran.keystead("evidence", "ima", "--output", "json", list);
  }

  @ParameterizedTest
  @FieldSource("BOOTS")
  void bothFormsOfEveryRealListReplayToThePcr(String boot) throws IOException {
    String after = Files.readString(Boots.of(boot).resolve("pcr10_after.txt"));
    String count = Files.readString(Boots.of(boot).resolve("ima_count")).strip();
    for (String form : List.of(BINARY, ASCII)) {
      Ran ran = ima(Boots.of(boot).resolve(form));
      assertThat(ran.code()).as(ran.toString()).isEqualTo(ExitCode.TRUSTED);
      assertThat(ran.member("entries")).isEqualTo(count);
      assertThat(after.toLowerCase(Locale.ROOT)).contains("0x" + pcr10(ran, "sha256"));
    }
  }

  @Test
  void otherBanksAreReplayedWhenAskedFor() {
    Path list = Boots.of("01-direct-clean").resolve(BINARY);
    Ran ran = Ran.keystead("evidence", "ima", list, "--banks", "sha384", "--output", "json");
    assertThat(pcr10(ran, "sha384")).hasSize(96);
    assertThat(ran.out()).doesNotContain("\"sha1\"");
    assertThat(Ran.keystead("evidence", "ima", list, "--banks", "md5").code())
        .isEqualTo(ExitCode.USAGE);
  }

  @ParameterizedTest
  @CsvSource({"3a-open-writers, 1", "3b-tomtou, 2", "4-odd-names, 2"})
  void violationsAreCountedAndAreFindings(String dump, long violations) {
    for (String form : List.of(BINARY, ASCII)) {
      Ran ran = ima(Boots.of("06-runtime-attacks/" + dump).resolve(form));
      assertThat(ran.code()).isEqualTo(ExitCode.NOT_TRUSTED);
      assertThat(ran.member("violations")).isEqualTo(Long.toString(violations));
      assertThat(ran.findingCodes()).hasSize((int) violations).containsOnly("ima-violation");
    }
  }

  @Test
  void aChangedEntryIsNamed() throws IOException {
    List<String> lines =
        Files.readAllLines(Boots.of("01-direct-clean").resolve(ASCII), StandardCharsets.UTF_8);
    String path = lines.get(9).split(" ", -1)[4];
    String changed = lines.get(9).replace(path, path + "x");
    Path list = folder.resolve("list");
    Files.write(
        list,
        Stream.concat(
                lines.subList(0, 9).stream(),
                Stream.concat(Stream.of(changed), lines.stream().skip(10)))
            .toList());
    Ran ran = ima(list);
    assertThat(ran.code()).isEqualTo(ExitCode.NOT_TRUSTED);
    assertThat(ran.findingCodes()).containsExactly("ima-entry-mismatch");
    assertThat(ran.out()).contains("IMA entry 10, " + path + "x");
  }

  @Test
  void anUnknownTemplateIsAFinding() throws IOException {
    Path list = folder.resolve("list");
    String known = Files.readAllLines(Boots.of("08-ima-ng").resolve(ASCII)).getFirst();
    Files.writeString(list, known.replace(" ima-ng ", " ima-zz ") + "\n");
    assertThat(ima(list).code()).isNotEqualTo(ExitCode.TRUSTED);
  }

  @Test
  void aListThatIsCutShortIsNotTrusted() throws IOException {
    byte[] whole = Files.readAllBytes(Boots.of("01-direct-clean").resolve(BINARY));
    Path cut = folder.resolve("cut");
    Files.write(cut, Arrays.copyOf(whole, whole.length - 1));
    assertThat(ima(cut).code()).isEqualTo(ExitCode.UNREADABLE);
  }

  @Test
  void aFileNameCannotCommandTheTerminal() {
    Ran ran =
        Ran.keystead("evidence", "ima", Boots.of("06-runtime-attacks/4-odd-names").resolve(BINARY));
    assertThat(ran.out().replace(System.lineSeparator(), "")).matches("[^\\p{Cntrl}]*");
  }

  private static String pcr10(Ran ran, String bank) {
    Json.Obj pcr10 = (Json.Obj) Objects.requireNonNull(ran.json().members().get("pcr10"));
    return ((Json.Str) Objects.requireNonNull(pcr10.members().get(bank))).value();
  }
}
