package dev.keystead.evidence.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.Fixture;
import dev.keystead.evidence.Refusal;
import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordedBootLogsTest {
  static Stream<Fixture> boots() {
    return Fixture.all();
  }

  static Stream<Fixture> bootsWithYaml() {
    return Fixture.all().filter(boot -> !boot.folder().startsWith("06"));
  }

  @ParameterizedTest
  @MethodSource("bootsWithYaml")
  void everyPcrIsWhatTpm2EventlogSays(Fixture boot) {
    assertThat(log(boot).replay().banks()).isEqualTo(eventlogPcrs(boot.text("eventlog.yaml")));
  }

  @ParameterizedTest
  @MethodSource("bootsWithYaml")
  void everyEventIsOneOfTpm2EventlogsUnderTheSameNumber(Fixture boot) {
    List<String> expected =
        Pattern.compile("EventNum: (\\d+)\\s+PCRIndex: (\\d+)\\s+EventType: (\\S+)")
            .matcher(boot.text("eventlog.yaml"))
            .results()
            .skip(1)
            .map(m -> "boot event %s, PCR %s, %s".formatted(m.group(1), m.group(2), m.group(3)))
            .toList();

    assertThat(log(boot).events().stream().map(BootEvent::where)).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("boots")
  void everyLogReplaysToItsQuote(Fixture boot) {
    VerifiedBootLog verified = log(boot).verify(quote(boot));

    assertThat(verified.confirmed().mask(HashAlg.SHA256)).isEqualTo(0x7bff);
  }

  @ParameterizedTest
  @MethodSource("boots")
  void noCleanBootHasAFinding(Fixture boot) {
    assertThat(BootState.of(log(boot)).findings()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("boots")
  void secureBootIsKnownWhereTheFirmwareMeasuredIt(Fixture boot) {
    SecureBoot expected =
        switch (boot.folder()) {
          case "12-secureboot-on" -> SecureBoot.ON;
          case "14-seabios-clean" -> SecureBoot.UNKNOWN;
          default -> SecureBoot.OFF;
        };

    assertThat(BootState.of(log(boot)).secureBoot()).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("boots")
  void anyEventRemovedIsRefused(Fixture boot) {
    BootLog log = log(boot);
    VerifiedQuote quote = quote(boot);
    for (int i = 0; i < log.events().size(); i++) {
      List<BootEvent> events = new ArrayList<>(log.events());
      events.remove(i);

      Refusal.of(Code.BOOT_LOG_MISMATCH, () -> new BootLog(log.banks(), events).verify(quote));
    }
  }

  @ParameterizedTest
  @MethodSource("boots")
  void anyTwoDifferentEventsOfAPcrSwappedAreRefused(Fixture boot) {
    BootLog log = log(boot);
    VerifiedQuote quote = quote(boot);
    int swapped = 0;
    for (int i = 0; i < log.events().size(); i++) {
      for (int j = i + 1; j < log.events().size(); j++) {
        BootEvent first = log.events().get(i);
        BootEvent second = log.events().get(j);
        if (first.pcr() == second.pcr() && !first.digests().equals(second.digests())) {
          List<BootEvent> events = new ArrayList<>(log.events());
          Collections.swap(events, i, j);

          Refusal.of(Code.BOOT_LOG_MISMATCH, () -> new BootLog(log.banks(), events).verify(quote));
          swapped++;
        }
      }
    }
    assertThat(swapped).isPositive();
  }

  @Test
  void anotherBootsLogIsRefusedAndTheDifferingPcrsAreNamed() {
    Finding finding =
        Refusal.of(
            Code.BOOT_LOG_MISMATCH, () -> log(Fixture.UKI).verify(quote(Fixture.UKI_CHANGED)));

    assertThat(finding.detail()).contains("PCR 9:", "PCR 11:").doesNotContain("PCR 7:");
  }

  @Test
  void aFirmwareBufferFilledUpBehindTheLastEventIsRead() {
    byte[] log = Fixture.CLEAN.bytes("binary_bios_measurements");
    for (byte fill : new byte[] {0, -1}) {
      byte[] buffer = Arrays.copyOf(log, 65536);
      Arrays.fill(buffer, log.length, buffer.length, fill);

      assertThat(BootLog.parse(buffer).replay()).isEqualTo(log(Fixture.CLEAN).replay());
    }
  }

  @Test
  void anythingElseBehindTheLastEventIsRefused() {
    byte[] log = Fixture.CLEAN.bytes("binary_bios_measurements");
    for (byte[] trail : new byte[][] {{1}, {0, 0, 0, 1}, {-1, 0}, {0, -1}, new byte[64]}) {
      trail[trail.length - 1] = trail.length == 64 ? 1 : trail[trail.length - 1];
      byte[] longer = Arrays.copyOf(log, log.length + trail.length);
      System.arraycopy(trail, 0, longer, log.length, trail.length);

      Refusal.of(Code.MALFORMED, () -> BootLog.parse(longer));
    }
  }

  @Test
  void eventsReadLikeWhatHappened() {
    List<String> texts =
        log(Fixture.SECURE).events().stream().map(e -> e.where() + ": " + e.text()).toList();

    assertThat(texts)
        .contains(
            "boot event 4, PCR 7, EV_EFI_VARIABLE_DRIVER_CONFIG: SecureBoot = 01",
            "boot event 11, PCR 1, EV_EFI_VARIABLE_BOOT: Boot0001 \"UEFI Misc Device\""
                + " PciRoot(0x0)/Pci(0x1,0x0)",
            "boot event 14, PCR 4, EV_EFI_ACTION: Calling EFI Application from Boot Option",
            "boot event 29, PCR 11, EV_IPL: .cmdline",
            "boot event 33, PCR 9, EV_EVENT_TAG: tag 0x8f3b22ed LOADED_IMAGE::LoadOptions")
        .anyMatch(text -> text.contains("\\EFI\\BOOT\\BOOTX64.EFI"));
  }

  private static BootLog log(Fixture boot) {
    return BootLog.parse(boot.bytes("binary_bios_measurements"));
  }

  private static VerifiedQuote quote(Fixture boot) {
    return new QuoteVerifier(boot.key("ecc"), AcceptedAlgorithms.ALL)
        .verify(boot.quote("ecc"), boot.nonce(), boot.coverage("ecc"));
  }

  private static SequencedMap<HashAlg, SortedMap<Integer, Digest>> eventlogPcrs(String yaml) {
    SequencedMap<HashAlg, SortedMap<Integer, Digest>> banks = new java.util.LinkedHashMap<>();
    Matcher lines =
        Pattern.compile("(?m)^  (sha\\d+):$|^    (\\d+) *: 0x([0-9a-f]+)$")
            .matcher(yaml.substring(yaml.indexOf("\npcrs:")));
    while (lines.find()) {
      if (lines.group(1) != null) {
        banks.put(HashAlg.named(lines.group(1)).orElseThrow(), new TreeMap<>());
      } else {
        HashAlg bank = banks.lastEntry().getKey();
        byte[] value = HexFormat.of().parseHex(lines.group(3));
        banks.lastEntry().getValue().put(Integer.parseInt(lines.group(2)), Digest.of(bank, value));
      }
    }
    return new PcrValues(banks).banks();
  }
}
