package dev.keystead.evidence.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.Fixture;
import dev.keystead.evidence.Refusal;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootLogAttacksTest {
  private static final byte[] ZERO = new byte[4];
  private static final byte[] ON = secureBoot(1);
  private static final byte[] OFF = secureBoot(0);

  @Test
  void secureBootIsReadFromWhatTheFirmwareMeasured() {
    assertThat(state(boot().measure(7, EventType.EV_EFI_VARIABLE_DRIVER_CONFIG, ON)))
        .isEqualTo(SecureBoot.ON);
    assertThat(state(boot().measure(7, EventType.EV_EFI_VARIABLE_DRIVER_CONFIG, OFF)))
        .isEqualTo(SecureBoot.OFF);
    assertThat(state(boot())).isEqualTo(SecureBoot.UNKNOWN);
  }

  @Test
  void aVariableThatItsDigestDoesNotCoverProvesNothing() {
    LogWriter log = boot().measure(7, EventType.EV_EFI_VARIABLE_DRIVER_CONFIG, OFF, ON);

    assertThat(state(log)).isEqualTo(SecureBoot.UNKNOWN);
    assertThat(mismatches(log)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = EventType.class,
      names = {"EV_NO_ACTION"},
      mode = EnumSource.Mode.EXCLUDE)
  void noOtherLabelHidesThatSecureBootWasOff(EventType label) {
    LogWriter log =
        boot().measure(7, label, OFF).measure(7, EventType.EV_EFI_VARIABLE_DRIVER_CONFIG, ON);

    assertThat(state(log)).isNotEqualTo(SecureBoot.ON);
  }

  @ParameterizedTest
  @EnumSource(
      value = EventType.class,
      names = {"EV_NO_ACTION"},
      mode = EnumSource.Mode.EXCLUDE)
  void noOtherDataHidesThatSecureBootWasOff(EventType label) {
    LogWriter log =
        boot()
            .measure(7, label, OFF, ascii("something else"))
            .measure(7, EventType.EV_EFI_VARIABLE_DRIVER_CONFIG, ON);

    assertThat(state(log)).isEqualTo(SecureBoot.UNKNOWN);
  }

  @Test
  void aVariableBehindTheSeparatorIsTooLateHoweverTheSeparatorIsLabelled() {
    for (EventType label : List.of(EventType.EV_SEPARATOR, EventType.EV_EFI_ACTION)) {
      LogWriter log =
          boot()
              .measure(7, label, ZERO, label == EventType.EV_SEPARATOR ? ZERO : ascii("x"))
              .measure(7, EventType.EV_EFI_VARIABLE_DRIVER_CONFIG, ON);

      assertThat(state(log)).isEqualTo(SecureBoot.UNKNOWN);
      assertThat(mismatches(log)).isNotEmpty();
    }
  }

  @Test
  void aVariableMeasuredTwiceWithDifferentValuesIsAFinding() {
    LogWriter log =
        boot()
            .measure(7, EventType.EV_EFI_VARIABLE_DRIVER_CONFIG, OFF)
            .measure(7, EventType.EV_EFI_VARIABLE_DRIVER_CONFIG, ON);

    assertThat(state(log)).isEqualTo(SecureBoot.UNKNOWN);
    assertThat(mismatches(log)).hasSize(1);
  }

  @Test
  void withoutASeparatorNobodyKnowsWhoMeasured() {
    BootLog log = boot().measure(7, EventType.EV_EFI_VARIABLE_DRIVER_CONFIG, ON).log();

    assertThat(BootState.of(log).secureBoot()).isEqualTo(SecureBoot.UNKNOWN);
  }

  @Test
  void aDebuggerLeavesNothingKnown() {
    LogWriter log =
        boot()
            .measure(7, EventType.EV_EFI_ACTION, ascii("UEFI Debug Mode"))
            .measure(7, EventType.EV_EFI_VARIABLE_DRIVER_CONFIG, ON);

    assertThat(state(log)).isEqualTo(SecureBoot.UNKNOWN);
  }

  @Test
  void aVariableThatOnlyOneBankCoversProvesNothing() {
    BootLog good =
        boot()
            .measure(7, EventType.EV_EFI_VARIABLE_DRIVER_CONFIG, ON)
            .measure(7, EventType.EV_SEPARATOR, ZERO)
            .log();
    List<BootEvent> events = new ArrayList<>();
    for (BootEvent event : good.events()) {
      var digests = new java.util.HashMap<>(event.digests());
      if (event.typeId() == EventType.EV_EFI_VARIABLE_DRIVER_CONFIG.id()) {
        digests.put(HashAlg.SHA1, Digest.hash(HashAlg.SHA1, OFF));
      }
      events.add(new BootEvent(event.number(), event.pcr(), event.typeId(), digests, event.data()));
    }

    assertThat(BootState.of(good).secureBoot()).isEqualTo(SecureBoot.ON);
    assertThat(BootState.of(new BootLog(good.banks(), events)).secureBoot())
        .isEqualTo(SecureBoot.UNKNOWN);
  }

  @Test
  void aFirmwareErrorInsteadOfASeparatorIsAFinding() {
    byte[] error = {1, 0, 0, 0};
    LogWriter log = boot().measure(0, EventType.EV_SEPARATOR, error, ascii("it broke"));

    assertThat(mismatches(log)).singleElement().asString().contains("error");
  }

  @ParameterizedTest
  @ValueSource(strings = {"grub_cmd: ", "kernel_cmdline: ", "module_cmdline: "})
  void grubsWordsMustBeWhatWasMeasured(String prefix) {
    byte[] good = ascii(prefix + "root=/dev/vda1 quiet\0");
    LogWriter covered = boot().measure(8, EventType.EV_IPL, ascii("root=/dev/vda1 quiet"), good);
    LogWriter lie = boot().measure(8, EventType.EV_IPL, ascii("init=/bin/sh"), good);

    assertThat(mismatches(covered)).isEmpty();
    assertThat(mismatches(lie)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = EventType.class,
      names = {
        "EV_EFI_VARIABLE_BOOT",
        "EV_EFI_VARIABLE_AUTHORITY",
        "EV_EFI_GPT_EVENT",
        "EV_EFI_ACTION",
        "EV_ACTION",
        "EV_S_CRTM_VERSION",
        "EV_SEPARATOR"
      })
  void dataThatShouldBeCoveredAndIsNotIsAFinding(EventType type) {
    assertThat(mismatches(boot().measure(5, type, ascii("measured"), ascii("shown")))).hasSize(1);
  }

  @Test
  void everyChangeOfCoveredDataInARealLogIsAFinding() {
    BootLog log = BootLog.parse(Fixture.SECURE.bytes("binary_bios_measurements"));
    int changed = 0;
    for (BootEvent event : log.events()) {
      if (event.coversData() && event.data().length > 0) {
        event.data()[event.data().length - 1] ^= 1;
        assertThat(BootState.of(log).findings()).as(event.where()).isNotEmpty();
        event.data()[event.data().length - 1] ^= 1;
        changed++;
      }
    }
    assertThat(changed).isGreaterThan(15);
    assertThat(BootState.of(log).findings()).isEmpty();
  }

  @Test
  void theOlderFormatIsReplayed() {
    BootLog log = LogWriter.old().measure(4, EventType.EV_ACTION, ascii("Calling INT 19h")).log();

    assertThat(log.banks()).containsExactly(HashAlg.SHA1);
    assertThat(log.replay().get(HashAlg.SHA1, 4))
        .contains(Digest.zero(HashAlg.SHA1).extend(HashAlg.SHA1.hash(ascii("Calling INT 19h"))));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4})
  void pcr0StartsWithTheStartupLocality(int locality) {
    byte[] start = new byte[32];
    start[31] = (byte) locality;

    assertThat(
            LogWriter.agile(HashAlg.SHA256)
                .measure(0, EventType.EV_NO_ACTION, locality(locality))
                .measure(0, EventType.EV_S_CRTM_VERSION, ascii("1"))
                .log()
                .replay()
                .get(HashAlg.SHA256, 0))
        .contains(Digest.of(HashAlg.SHA256, start).extend(HashAlg.SHA256.hash(ascii("1"))));
  }

  @Test
  void aHardwareRootStartsPcr0AtLocality4() {
    byte[] start = new byte[32];
    start[31] = 4;

    assertThat(
            LogWriter.agile(HashAlg.SHA256)
                .measure(0, EventType.EV_EFI_HCRTM_EVENT, ascii("root"), ascii("HCRTM"))
                .log()
                .replay()
                .get(HashAlg.SHA256, 0))
        .contains(Digest.of(HashAlg.SHA256, start).extend(HashAlg.SHA256.hash(ascii("root"))));
  }

  @Test
  void aLocalityThatIsUnclearIsRefused() {
    LogWriter late =
        LogWriter.agile(HashAlg.SHA256)
            .measure(0, EventType.EV_S_CRTM_VERSION, ascii("1"))
            .measure(0, EventType.EV_NO_ACTION, locality(3));
    LogWriter strange =
        LogWriter.agile(HashAlg.SHA256).measure(0, EventType.EV_NO_ACTION, locality(7));

    Refusal.of(Code.MALFORMED, () -> late.log().replay());
    Refusal.of(Code.MALFORMED, () -> strange.log().replay());
  }

  @Test
  void anEventThatTakesNoActionIsNeverExtended() {
    LogWriter log = boot();
    BootLog with = boot().measure(3, EventType.EV_NO_ACTION, ascii("hint")).log();

    assertThat(with.replay()).isEqualTo(log.log().replay());
  }

  @Test
  void aBankThatJavaCannotHashIsReadAndNotReplayed() {
    byte[] log = LogWriter.agile(HashAlg.SHA256).measure(0, EventType.EV_POST_CODE, ZERO).bytes();
    for (int i = 0; i + 1 < log.length; i++) {
      if (log[i] == 0x0b && log[i + 1] == 0) {
        log[i] = 0x12;
      }
    }

    assertThat(BootLog.parse(log).banks()).containsExactly(HashAlg.SM3_256);
    assertThat(BootLog.parse(log).replay().banks()).isEmpty();
    assertThat(BootLog.parse(log).events().getFirst().coversData()).isFalse();
  }

  @Test
  void sizesAndCountsBeyondTheFormatAreRefusedBeforeTheyAreRead() {
    byte[] log = LogWriter.agile(HashAlg.SHA256).measure(0, EventType.EV_POST_CODE, ZERO).bytes();
    for (int at : new int[] {28, 56, 65, 73, log.length - 8}) {
      byte[] large = log.clone();
      Arrays.fill(large, at, at + 4, (byte) 0x7f);

      Refusal.of(Code.MALFORMED, () -> BootLog.parse(large));
    }
  }

  @Test
  void aMillionZerosBeforeAnEventCostOneReading() {
    byte[] zeros = new byte[15 << 20];
    zeros[zeros.length - 1] = 1;

    Refusal.of(Code.MALFORMED, () -> BootLog.parse(zeros));
  }

  @Test
  void aTextThatWouldBreakOutOfItsLineIsEscaped() {
    BootEvent event =
        boot().measure(8, EventType.EV_IPL, ascii("a\n\u001b[31mb\u202e")).log().events().getLast();

    assertThat(event.text()).doesNotContain("\n", "\u001b", "\u202e").startsWith("a\\u{a}");
  }

  private static LogWriter boot() {
    return LogWriter.agile(HashAlg.SHA1, HashAlg.SHA256)
        .measure(0, EventType.EV_S_CRTM_VERSION, ascii("1"));
  }

  private static SecureBoot state(LogWriter log) {
    return BootState.of(log.measure(7, EventType.EV_SEPARATOR, ZERO).log()).secureBoot();
  }

  private static List<Finding> mismatches(LogWriter log) {
    List<Finding> findings = BootState.of(log.log()).findings();
    assertThat(findings).allMatch(finding -> finding.code() == Code.BOOT_EVENT_MISMATCH);
    return findings;
  }

  private static byte[] secureBoot(int value) {
    return LogWriter.variable(EfiVariable.GLOBAL, "SecureBoot", new byte[] {(byte) value});
  }

  private static byte[] locality(int locality) {
    byte[] data = ascii("StartupLocality\0\0");
    data[data.length - 1] = (byte) locality;
    return data;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
