package dev.keystead.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.launch.LaunchLog;
import dev.keystead.evidence.launch.LaunchPolicy;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchAppraisalTest {
  private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
  private static final String GOOD = "ab".repeat(32);
  private static final String ALSO_GOOD = "cd".repeat(32);
  private static final String EVIL = "ef".repeat(32);

  private final QuotingKey key = new QuotingKey();

  private static String line(String measurement) {
    return "launch1 2026-11-22T18:00:00Z %s 61234 base program".formatted(measurement);
  }

  private static byte[] log(String... measurements) {
    StringBuilder log = new StringBuilder();
    for (String measurement : measurements) {
      log.append(line(measurement)).append('\n');
    }
    return log.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static Digest pcr(String... measurements) {
    Digest pcr = Digest.zero(HashAlg.SHA256);
    for (String measurement : measurements) {
      byte[] entry = line(measurement).getBytes(StandardCharsets.US_ASCII);
      pcr = pcr.extend(Digest.hash(HashAlg.SHA256, entry).bytes());
    }
    return pcr;
  }

  private Policy policy(Optional<LaunchPolicy> launches) {
    return new Policy(
        "1",
        key.verifier(),
        HashAlg.SHA256,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        launches);
  }

  private static LaunchPolicy allowed() {
    return new LaunchPolicy(Map.of(GOOD, "good", ALSO_GOOD, "also good"));
  }

  private List<Code> judge(PcrValues quoted, Optional<byte[]> log) {
    Evidence evidence = key.evidence(1, quoted, Optional.empty(), Optional.empty());
    Evidence whole = log.isPresent() ? evidence.withLaunchLog(log.get()) : evidence;
    Appraised appraised =
        Appraiser.appraise(History.start("1"), whole, policy(Optional.of(allowed())), NOW);
    return ((Appraised.Judged) appraised)
        .appraisal().findings().stream().map(Finding::code).toList();
  }

  private List<Code> judge(Digest pcr, byte[] log) {
    return judge(PcrValues.of(HashAlg.SHA256, Map.of(LaunchLog.PCR, pcr)), Optional.of(log));
  }

  @Test
  void approvedProgramsAreTrusted() {
    assertThat(judge(pcr(GOOD, ALSO_GOOD, GOOD), log(GOOD, ALSO_GOOD, GOOD))).isEmpty();
  }

  @Test
  void aHostThatHasStartedNothingIsTrusted() {
    assertThat(judge(pcr(), log())).isEmpty();
  }

  @Test
  void aProgramThatIsNotApprovedIsFoundOnceForEachMeasurement() {
    assertThat(judge(pcr(GOOD, EVIL, EVIL), log(GOOD, EVIL, EVIL)))
        .containsExactly(Code.PROGRAM_NOT_IN_POLICY);
  }

  @Test
  void aProgramThatWasStartedSinceTheQuoteIsJudgedToo() {
    assertThat(judge(pcr(GOOD), log(GOOD, ALSO_GOOD))).isEmpty();
    assertThat(judge(pcr(GOOD), log(GOOD, EVIL))).containsExactly(Code.PROGRAM_NOT_IN_POLICY);
  }

  @Test
  void aProgramThatWasLeftOutIsFound() {
    assertThat(judge(pcr(GOOD, EVIL), log(GOOD))).containsExactly(Code.LAUNCH_LOG_MISMATCH);
    assertThat(judge(pcr(EVIL, GOOD), log(GOOD))).containsExactly(Code.LAUNCH_LOG_MISMATCH);
    assertThat(judge(pcr(EVIL), log())).containsExactly(Code.LAUNCH_LOG_MISMATCH);
  }

  @Test
  void aProgramThatWasExchangedOrMovedIsFound() {
    assertThat(judge(pcr(EVIL), log(GOOD))).containsExactly(Code.LAUNCH_LOG_MISMATCH);
    assertThat(judge(pcr(GOOD, ALSO_GOOD), log(ALSO_GOOD, GOOD)))
        .containsExactly(Code.LAUNCH_LOG_MISMATCH);
  }

  @Test
  void everyQuotedBankMustReplay() {
    PcrValues quoted =
        PcrValues.of(HashAlg.SHA384, Map.of(LaunchLog.PCR, Digest.zero(HashAlg.SHA384)));
    assertThat(judge(quoted, Optional.of(log(GOOD)))).contains(Code.PCR_MISSING);
  }

  @Test
  void aLogThatIsNotSentIsMissed() {
    assertThat(judge(PcrValues.of(HashAlg.SHA256, Map.of(LaunchLog.PCR, pcr())), Optional.empty()))
        .containsExactly(Code.LAUNCH_LOG_MISSING);
  }

  @Test
  void aQuoteThatDoesNotCoverItsPcrIsRefused() {
    assertThat(
            judge(
                PcrValues.of(HashAlg.SHA256, Map.of(10, Digest.zero(HashAlg.SHA256))),
                Optional.of(log())))
        .contains(Code.PCR_MISSING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "launch1",
        "launch2 2026-11-22T18:00:00Z %s 1 base program",
        "launch1 2026-11-22T18:00:00Z  %s 1 base program",
        "launch1 2026-11-22 18:00:00Z %s 1 base program",
        "launch1 2026-11-22T18:00:00Z ABCD 1 base program",
        "launch1 2026-11-22T18:00:00Z %s -1 base program",
        "launch1 2026-11-22T18:00:00Z %s 01 base program",
        "launch1 2026-11-22T18:00:00Z %s 1 base two words",
        "launch1 2026-11-22T18:00:00Z %s 1 base program\r"
      })
  void aLineOfAnotherFormIsRefused(String line) {
    byte[] log = (line.formatted(GOOD) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(judge(pcr(), log)).containsExactly(Code.MALFORMED);
  }

  @Test
  void aLineWithoutAnEndOrThatIsTooLongIsRefused() {
    byte[] cut = line(GOOD).getBytes(StandardCharsets.US_ASCII);
    assertThat(judge(pcr(GOOD), cut)).containsExactly(Code.MALFORMED);
    byte[] tooLong = (line(GOOD) + "x".repeat(600) + "\n").getBytes(StandardCharsets.US_ASCII);
    assertThat(judge(pcr(), tooLong)).containsExactly(Code.MALFORMED);
    assertThat(judge(pcr(), new byte[LaunchLog.MAX_SIZE + 1])).containsExactly(Code.MALFORMED);
  }

  @Test
  void aPolicyIsReadStrictly() {
    String json = "{\"version\": 1, \"programs\": [{\"measurement\": \"%s\", \"name\": \"n\"}]}";
    byte[] good = json.formatted(GOOD).getBytes(StandardCharsets.UTF_8);
    assertThat(LaunchPolicy.parse(good).programs()).containsExactly(Map.entry(GOOD, "n"));
    for (String bad :
        List.of(
            "{}",
            "[]",
            json.formatted("ABCD"),
            json.formatted(GOOD).replace("1,", "2,"),
            json.formatted(GOOD).replace("\"name\"", "\"other\""))) {
      assertThatThrownBy(() -> LaunchPolicy.parse(bad.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOfSatisfying(
              EvidenceException.class,
              e -> assertThat(e.finding().code()).isEqualTo(Code.POLICY_UNUSABLE));
    }
  }
}
