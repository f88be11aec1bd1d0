package dev.keystead.cli.tpm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.Ran;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TpmCommandTest {
  @TempDir private Path folder;

  private Ran tpm(String verb, String... more) {
    Object[] args = new Object[6 + more.length];
    System.arraycopy(
        new Object[] {"tpm", verb, "--output", "json", "--tpm", "embedded:" + folder},
        0,
        args,
        0,
        6);
    System.arraycopy(more, 0, args, 6, more.length);
    return Ran.keystead(args);
  }

  @Test
  void anEmbeddedTpmSaysThatItIsSoftware() {
    Ran ran = tpm("properties");
    assertThat(ran.code()).as(ran.toString()).isEqualTo(ExitCode.TRUSTED);
    assertThat(ran.member("software")).isEqualTo("true");
    assertThat(ran.member("family")).isEqualTo("2.0");
    assertThat(ran.items("banks").toString()).contains("sha256");
  }

  @Test
  void thePcrsOfOneBankAreShown() {
    Ran ran = tpm("pcrs", "--banks", "sha256");
    assertThat(ran.code()).isEqualTo(ExitCode.TRUSTED);
    assertThat(ran.json().members()).containsOnlyKeys("sha256");
    assertThat(ran.out()).contains("\"10\": \"" + "0".repeat(64) + "\"");
  }

  @Test
  void aTpmWithoutCertificatesAndKeysSaysSo() {
    assertThat(tpm("ek").items("keys")).isEmpty();
    assertThat(tpm("keys").out().strip()).isEqualTo("[]");
  }

  @Test
  void aTpmThatIsNotThereIsAnErrorInWords() {
    Ran ran = Ran.keystead("tpm", "properties", "--tpm", "device:" + folder.resolve("tpmrm0"));
    assertThat(ran.code()).isEqualTo(ExitCode.NOT_TRUSTED);
    assertThat(ran.err()).contains("does not exist", "--tpm").doesNotContain("\tat ");
  }

  @Test
  void whatIsNoAddressIsWrongUsage() {
    Ran ran = Ran.keystead("tpm", "properties", "--tpm", "nonsense");
    assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains("swtpm:HOST:PORT");
  }
}
