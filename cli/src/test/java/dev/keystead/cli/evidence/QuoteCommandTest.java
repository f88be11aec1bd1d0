package dev.keystead.cli.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.cli.Boots;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class QuoteCommandTest {
  static final List<String> BOOTS =
      Boots.CLEAN.stream().filter(boot -> !boot.contains("/")).toList();

  private static final String BOOT = "01-direct-clean";

  @TempDir private Path folder;

  private static Ran quote(Path boot, String kind, String ak, String nonce, String... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "evidence",
                "quote",
                "--output",
                "json",
                "--ak",
                boot.resolve("ak_" + ak),
                "--message",
                boot.resolve("quote_" + kind + ".msg"),
                "--signature",
                boot.resolve("quote_" + kind + ".sig"),
                "--nonce",
                nonce));
    args.addAll(List.of(more));
    return Ran.keystead(args.toArray());
  }

  private static Ran withPcrs(Path boot, String kind, String ak, String nonce) {
    return quote(boot, kind, ak, nonce, "--pcrs", boot + "/quote_" + kind + ".pcrs");
  }

  @ParameterizedTest
  @FieldSource("BOOTS")
  void everyRealQuoteVerifies(String boot) {
    for (String kind : List.of("ecc", "rsa")) {
      for (String form : List.of("pub.pem", "pub.tpm2b")) {
        Ran ran = withPcrs(Boots.of(boot), kind, kind + "." + form, Boots.nonce(boot));
        assertThat(ran.code()).as(kind + form + ran).isEqualTo(ExitCode.TRUSTED);
        assertThat(ran.member("trusted")).isEqualTo("true");
        assertThat(ran.member("nonce")).isEqualTo(Boots.nonce(boot));
      }
    }
  }

  @Test
  void anotherNonceIsRefused() {
    Ran ran = withPcrs(Boots.of(BOOT), "ecc", "ecc.pub.tpm2b", "00ff");
    assertThat(ran.code()).isEqualTo(ExitCode.NOT_TRUSTED);
    assertThat(ran.findingCodes()).containsExactly("nonce-mismatch");
  }

  @Test
  void aKeyOfAnotherBootIsRefused() throws IOException {
    Boots.copy(BOOT, folder);
    Files.copy(Boots.of("02-uki-clean").resolve("ak_ecc.pub.tpm2b"), folder.resolve("ak_other"));
    Ran ran = withPcrs(folder, "ecc", "other", Boots.nonce(BOOT));
    assertThat(ran.code()).isEqualTo(ExitCode.NOT_TRUSTED);
    assertThat(ran.findingCodes()).containsExactly("signature-invalid");
  }

  @Test
  void valuesOfAnotherQuoteAreRefused() throws IOException {
    Boots.copy(BOOT, folder);
    byte[] pcrs = Files.readAllBytes(folder.resolve("quote_ecc.pcrs"));
    pcrs[136 + 4 + 2] ^= 1;
    Files.write(folder.resolve("quote_ecc.pcrs"), pcrs);
    Ran ran = withPcrs(folder, "ecc", "ecc.pub.tpm2b", Boots.nonce(BOOT));
    assertThat(ran.code()).isEqualTo(ExitCode.NOT_TRUSTED);
    assertThat(ran.findingCodes()).containsExactly("pcr-digest-mismatch");
  }

  @Test
  void withoutValuesTheSignatureIsVerifiedAndTheGapIsNamed() {
    Ran ran = quote(Boots.of(BOOT), "rsa", "rsa.pub.tpm2b", Boots.nonce(BOOT));
    assertThat(ran.code()).isEqualTo(ExitCode.TRUSTED);
    assertThat(ran.items("notChecked").toString()).contains("PCR values");
    assertThat(quote(Boots.of(BOOT), "rsa", "rsa.pub.tpm2b", "00").code())
        .isEqualTo(ExitCode.NOT_TRUSTED);
  }

  @Test
  void aPlainSignatureOfTheEccKeyVerifiesToo() throws Exception {
    Boots.copy(BOOT, folder);
    byte[] structure = Files.readAllBytes(folder.resolve("quote_ecc.sig"));
    byte[] r = java.util.Arrays.copyOfRange(structure, 6, 38);
    byte[] s = java.util.Arrays.copyOfRange(structure, 40, 72);
    byte[] pair = concat(integer(r), integer(s));
    Files.write(
        folder.resolve("quote_ecc.sig"), concat(new byte[] {0x30, (byte) pair.length}, pair));
    Ran ran = withPcrs(folder, "ecc", "ecc.pub.pem", Boots.nonce(BOOT));
    assertThat(ran.code()).as(ran.toString()).isEqualTo(ExitCode.TRUSTED);
  }

  @ParameterizedTest
  @CsvSource({"quote_ecc.msg", "quote_ecc.sig", "quote_ecc.pcrs", "ak_ecc.pub.tpm2b"})
  void aFileThatIsCutShortIsUnreadable(String name) throws IOException {
    Boots.copy(BOOT, folder);
    byte[] whole = Files.readAllBytes(folder.resolve(name));
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(folder.resolve(name), java.util.Arrays.copyOf(whole, length));
      Ran ran = withPcrs(folder, "ecc", "ecc.pub.tpm2b", Boots.nonce(BOOT));
      assertThat(ran.code()).as(ran.toString()).isEqualTo(ExitCode.UNREADABLE);
    }
  }

  @Test
  void wrongUsageSaysWhatIsWrong() {
    assertThat(Ran.keystead("evidence", "quote").code()).isEqualTo(ExitCode.USAGE);
    Ran ran = withPcrs(Boots.of(BOOT), "ecc", "ecc.pub.pem", "xyz");
    assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains("nonce").doesNotContain("\tat ");
  }

  private static byte[] integer(byte[] magnitude) {
    byte[] value = new java.math.BigInteger(1, magnitude).toByteArray();
    return concat(new byte[] {2, (byte) value.length}, value);
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
