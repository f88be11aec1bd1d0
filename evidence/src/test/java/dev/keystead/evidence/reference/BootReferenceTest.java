package dev.keystead.evidence.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.Fixture;
import dev.keystead.evidence.Refusal;
import dev.keystead.evidence.boot.BootLog;
import dev.keystead.evidence.boot.VerifiedBootLog;
import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootReferenceTest {
  static Stream<Fixture> boots() {
    return Fixture.all();
  }

  @ParameterizedTest
  @MethodSource("boots")
  void everyBootIsItsOwnReferenceAlsoThroughItsFile(Fixture boot) {
    VerifiedBootLog verified = verified(boot, "ecc");
    BootReference reference = BootReference.of(verified);

    assertThat(reference.needed().mask(HashAlg.SHA256)).isEqualTo(0x7bff);
    assertThat(reference.compare(verified)).isEmpty();
    assertThat(ReferenceFile.parse(ReferenceFile.write(reference).toBytes())).isEqualTo(reference);
  }

  @Test
  void aChangedCommandLineIsNamedByTheFirstEventThatDiffers() {
    BootReference reference = BootReference.of(verified(Fixture.UKI, "ecc"));

    List<Finding> findings = reference.compare(verified(Fixture.UKI_CHANGED, "ecc"));

    assertThat(findings.getFirst().code()).isEqualTo(Code.BOOT_DIFFERS);
    assertThat(findings.getFirst().where())
        .isEqualTo("boot event 23, PCR 4, EV_EFI_BOOT_SERVICES_APPLICATION");
    assertThat(findings.getFirst().detail())
        .contains("\\EFI\\BOOT\\BOOTX64.EFI", "found", "expected", "sha256:");
    assertThat(findings.stream().skip(1))
        .extracting(Finding::code)
        .isNotEmpty()
        .containsOnly(Code.PCR_REFUSED);
    assertThat(findings.stream().map(Finding::where)).contains("PCR 11, sha256");
  }

  @Test
  void secureBootSwitchedOffIsNamedAsTheFirstDifference() {
    BootReference reference = BootReference.of(verified(Fixture.SECURE, "ecc"));

    Finding first = reference.compare(verified(Fixture.UKI, "ecc")).getFirst();

    assertThat(first.where()).isEqualTo("boot event 4, PCR 7, EV_EFI_VARIABLE_DRIVER_CONFIG");
    assertThat(first.detail()).contains("SecureBoot = 00", "SecureBoot = 01");
  }

  @Test
  void anEventTooManyAndOneTooFewAreNamed() {
    VerifiedBootLog direct = verified(Fixture.CLEAN, "ecc");
    VerifiedBootLog uki = verified(Fixture.UKI, "ecc");

    assertThat(BootReference.of(direct).compare(uki))
        .anyMatch(f -> f.where().equals("PCR 11, sha256"));
    assertThat(BootReference.of(uki).compare(direct).getFirst().code())
        .isEqualTo(Code.BOOT_DIFFERS);
  }

  @Test
  void aPcrThatTheQuoteDoesNotCoverIsMissed() {
    BootReference reference = BootReference.of(verified(Fixture.CLEAN, "ecc"));

    List<Finding> findings = reference.compare(verified(Fixture.CLEAN, "rsa"));

    assertThat(findings).extracting(Finding::code).containsOnly(Code.PCR_MISSING);
    assertThat(findings).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"type\":\"keystead-boot-reference\",\"version\":2,\"pcrs\":{},\"events\":[]}",
        "{\"type\":\"keystead-boot-reference\",\"version\":1,\"pcrs\":{},\"events\":[]}",
        "{\"type\":\"keystead-boot-reference\",\"version\":1,\"pcrs\":{\"sha256\":{\"24\":\"00\"}},"
            + "\"events\":[]}",
        "{\"type\":\"keystead-boot-reference\",\"version\":1,\"pcrs\":{\"sha256\":{\"0\":\"00\"}},"
            + "\"events\":[]}",
        "{\"type\":\"keystead-boot-reference\",\"version\":1,\"pcrs\":{\"md5\":{}},\"events\":[]}"
      })
  void unusableReferenceValuesAreRefused(String json) {
    Refusal.of(
        Code.POLICY_UNUSABLE, () -> ReferenceFile.parse(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void membersThatNobodyKnowsAreRefused() {
    String json = ReferenceFile.write(BootReference.of(verified(Fixture.CLEAN, "ecc"))).toString();

    for (String changed :
        List.of(
            json.replaceFirst("\\{", "{\"more\":1,"),
            json.replace("\"text\"", "\"more\":1,\"text\""))) {
      Refusal.of(
          Code.POLICY_UNUSABLE,
          () -> ReferenceFile.parse(changed.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static VerifiedBootLog verified(Fixture boot, String type) {
    return BootLog.parse(boot.bytes("binary_bios_measurements"))
        .verify(
            new QuoteVerifier(boot.key(type), AcceptedAlgorithms.ALL)
                .verify(boot.quote(type), boot.nonce(), boot.coverage(type)));
  }
}
