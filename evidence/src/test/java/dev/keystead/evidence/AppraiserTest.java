package dev.keystead.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.ima.ImaReplay;
import dev.keystead.evidence.ima.ImaState;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.policy.PcrPolicy;
import dev.keystead.evidence.policy.RuntimePolicy;
import dev.keystead.evidence.policy.RuntimePolicyWriter;
import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AppraiserTest {
  private static final String BINARY = "binary_runtime_measurements";
  private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
  private static final Fixture BEFORE = new Fixture("06-runtime-attacks/0-before");
  private static final List<byte[]> SLICES = RecordedList.slices(BEFORE.bytes(BINARY));

  private final QuotingKey key = new QuotingKey();

  /**
   * A policy from the machine before the attacks, that leaves out what the recording itself wrote.
   */
  private static RuntimePolicy files(Fixture good) {
    Json.Obj json = RuntimePolicyWriter.fromList(good.bytes(BINARY), HashAlg.SHA1, NOW);
    String text = json.toString().replace("\"excludes\":[]", "\"excludes\":[\"/out/\"]");
    return RuntimePolicy.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Policy policy(QuoteVerifier quotes, Optional<RuntimePolicy> files) {
    return new Policy(
        "1", quotes, HashAlg.SHA256, Optional.empty(), files, Optional.empty(), false, false);
  }

  private Policy policy() {
    return policy(key.verifier(), Optional.of(files(BEFORE)));
  }

  private static QuoteVerifier verifier(Fixture fixture, String type) {
    return new QuoteVerifier(fixture.key(type), AcceptedAlgorithms.ALL);
  }

  private static Evidence evidence(Fixture fixture, String type, String form) {
    return new Evidence(
        fixture.quote(type),
        fixture.nonce(),
        fixture.coverage(type),
        Optional.of(fixture.bytes("binary_bios_measurements")),
        Optional.of(new Evidence.ImaPart(0, fixture.bytes(form))),
        Optional.empty());
  }

  private static Appraised.Judged judged(Appraised appraised) {
    assertThat(appraised).isInstanceOf(Appraised.Judged.class);
    return (Appraised.Judged) appraised;
  }

  private static List<Code> codes(Appraised appraised) {
    return judged(appraised).appraisal().findings().stream().map(Finding::code).toList();
  }

  private static Digest pcr10(List<byte[]> slices) {
    ImaReplay replay = new ImaReplay(ImaState.start(Set.of(HashAlg.SHA256)));
    RecordedList.entries(RecordedList.join(slices)).forEach(replay::extend);
    Digest value = replay.state().pcr10().get(HashAlg.SHA256);
    assertThat(value).isNotNull();
    return value == null ? Digest.zero(HashAlg.SHA256) : value;
  }

  static Stream<Fixture> good() {
    return Fixture.all().filter(f -> !f.folder().startsWith("06") || f.equals(BEFORE));
  }

  @ParameterizedTest
  @MethodSource("good")
  void aMachineThatIsAsItsPolicySaysIsTrusted(Fixture fixture) {
    for (String type : List.of("ecc", "rsa")) {
      Policy policy = policy(verifier(fixture, type), Optional.of(files(fixture)));
      for (String form : List.of(BINARY, "ascii_runtime_measurements")) {
        Appraised.Judged judged =
            judged(
                Appraiser.appraise(History.start("1"), evidence(fixture, type, form), policy, NOW));
        assertThat(judged.appraisal().findings()).isEmpty();
        assertThat(judged.appraisal().trusted()).isTrue();
        assertThat(judged.appraisal().covered().files()).isBetween(70L, 77L);
        assertThat(judged.appraisal().covered().bootEvents()).isPositive();
        assertThat(judged.appraisal().covered().imaEntries())
            .isEqualTo(judged.history().nextImaEntry())
            .isBetween(71L, 78L);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1-unlisted, FILE_NOT_IN_POLICY, 'IMA entry 78, /opt/evil/backdoor'",
    "2-modified, FILE_DIGEST_REFUSED, 'IMA entry 85, /etc/passwd'",
    "2-modified, FILE_NOT_IN_POLICY, 'IMA entry 87, /usr/bin/tool'",
    "3a-open-writers, IMA_VIOLATION, 'IMA entry 94, /opt/w'",
    "3b-tomtou, IMA_VIOLATION, 'IMA entry 103, /opt/y'",
    "4-odd-names, FILE_NOT_IN_POLICY, '/opt/nl-a\\u{a}b'",
    "5-pcr10-broken, IMA_LIST_MISMATCH, 'IMA list'",
  })
  void anAttackIsNamedByFile(String dump, Code code, String where) {
    Fixture fixture = new Fixture("06-runtime-attacks/" + dump);
    Policy policy = policy(verifier(fixture, "ecc"), Optional.of(files(BEFORE)));
    for (String form : List.of(BINARY, "ascii_runtime_measurements")) {
      Appraised.Judged judged =
          judged(
              Appraiser.appraise(History.start("1"), evidence(fixture, "ecc", form), policy, NOW));
      assertThat(judged.appraisal().findings())
          .as(judged.appraisal().toString())
          .anyMatch(f -> f.code() == code && f.where().endsWith(where));
      assertThat(judged.history().nextImaEntry()).isZero();
    }
  }

  @Test
  void aViolationThatThePolicyToleratesByNameIsNoFinding() {
    Fixture fixture = new Fixture("06-runtime-attacks/3a-open-writers");
    String json =
        RuntimePolicyWriter.fromList(fixture.bytes(BINARY), HashAlg.SHA1, NOW)
            .toString()
            .replace(
                "\"dm_policy\":null", "\"dm_policy\":null,\"tolerated_violations\":[\"/opt/.\"]");
    Policy policy =
        policy(
            verifier(fixture, "ecc"),
            Optional.of(RuntimePolicy.parse(json.getBytes(StandardCharsets.UTF_8))));
    assertThat(
            codes(
                Appraiser.appraise(
                    History.start("1"), evidence(fixture, "ecc", BINARY), policy, NOW)))
        .isEmpty();
  }

  @Test
  void aListFromWhichAnEntryIsRemovedIsRefused() {
    for (int i = 0; i < SLICES.size(); i++) {
      List<byte[]> fewer = new ArrayList<>(SLICES);
      fewer.remove(i);
      assertThat(codes(first(fewer))).containsExactly(Code.IMA_LIST_MISMATCH);
    }
  }

  @Test
  void aListToWhichAnEntryIsAddedIsRefused() {
    for (int i = 0; i < SLICES.size(); i++) {
      List<byte[]> more = new ArrayList<>(SLICES);
      more.add(i, SLICES.get(5));
      assertThat(codes(first(more))).containsExactly(Code.IMA_LIST_MISMATCH);
    }
  }

  @Test
  void aListInWhichTwoEntriesAreSwappedIsRefused() {
    for (int i = 1; i < SLICES.size(); i++) {
      List<byte[]> swapped = new ArrayList<>(SLICES);
      Collections.swap(swapped, i - 1, i);
      assertThat(codes(first(swapped))).containsExactly(Code.IMA_LIST_MISMATCH);
    }
  }

  /** The first evidence of a machine whose PCR 10 is that of all entries. */
  private Appraised first(List<byte[]> shown) {
    return Appraiser.appraise(
        History.start("1"),
        key.evidence(1, pcr10(SLICES), 0, RecordedList.join(shown)),
        policy(),
        NOW);
  }

  static LongStream seeds() {
    return LongStream.range(0, 20);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void partsInAnySplitAreJudgedAsTheWholeIs(long seed) {
    Random random = new Random(seed);
    Policy policy = policy();
    History history = History.start("1");
    int quoted = 0;
    int shown = 0;
    while (quoted < SLICES.size()) {
      quoted = Math.min(SLICES.size(), Math.max(shown, quoted + 2 + random.nextInt(20)));
      shown = Math.min(SLICES.size(), quoted + random.nextInt(4));
      Evidence next =
          key.evidence(
              1,
              pcr10(SLICES.subList(0, quoted)),
              history.nextImaEntry(),
              RecordedList.join(SLICES.subList((int) history.nextImaEntry(), shown)));
      Appraised.Judged judged = judged(Appraiser.appraise(history, next, policy, NOW));
      assertThat(judged.appraisal().findings()).isEmpty();
      history =
          History.fromJson(Json.parseObject(judged.history().toJson().toBytes(), Limits.WIRE));
      assertThat(history).isEqualTo(judged.history());
      assertThat(history.nextImaEntry()).isEqualTo(quoted);
    }
    History whole = judged(first(SLICES)).history();
    assertThat(history.ima()).isEqualTo(whole.ima());
    assertThat(history.toJson().toBytes()).hasSizeLessThan(600);
  }

  /** A history after the first {@code n} entries. */
  private History after(int n) {
    return judged(
            Appraiser.appraise(
                History.start("1"),
                key.evidence(
                    1, pcr10(SLICES.subList(0, n)), 0, RecordedList.join(SLICES.subList(0, n))),
                policy(),
                NOW))
        .history();
  }

  @Test
  void aListMayStandStillButNotStartElsewhereShrinkOrChangeItsPast() {
    History history = after(50);
    assertThat(codes(next(history, 50, 50, SLICES.subList(50, 50)))).isEmpty();
    assertThat(codes(next(history, 60, 50, SLICES.subList(50, 60)))).isEmpty();
    assertThat(codes(next(history, 60, 0, SLICES.subList(0, 60)))).isEmpty();
    assertThat(codes(next(history, 60, 49, SLICES.subList(49, 60))))
        .containsExactly(Code.IMA_LIST_CHANGED);
    assertThat(codes(next(history, 60, 51, SLICES.subList(51, 60))))
        .containsExactly(Code.IMA_LIST_CHANGED);
    assertThat(codes(next(history, 40, 0, SLICES.subList(0, 40))))
        .containsExactly(Code.IMA_LIST_CHANGED);
    assertThat(codes(next(history, 40, 50, SLICES.subList(50, 60))))
        .containsExactly(Code.IMA_LIST_MISMATCH);
    List<byte[]> swapped = new ArrayList<>(SLICES.subList(0, 60));
    Collections.swap(swapped, 10, 11);
    Evidence changed = key.evidence(1, pcr10(swapped), 0, RecordedList.join(swapped));
    assertThat(codes(Appraiser.appraise(history, changed, policy(), NOW)))
        .containsExactly(Code.IMA_LIST_CHANGED);
  }

  private Appraised next(History history, int quoted, long first, List<byte[]> shown) {
    return Appraiser.appraise(
        history,
        key.evidence(1, pcr10(SLICES.subList(0, quoted)), first, RecordedList.join(shown)),
        policy(),
        NOW);
  }

  @Test
  void entriesThatWereShownAheadOfTheQuoteMustBeCoveredByTheNextOne() {
    History history =
        judged(
                Appraiser.appraise(
                    History.start("1"),
                    key.evidence(
                        1,
                        pcr10(SLICES.subList(0, 40)),
                        0,
                        RecordedList.join(SLICES.subList(0, 45))),
                    policy(),
                    NOW))
            .history();
    assertThat(history.nextImaEntry()).isEqualTo(40);
    assertThat(codes(next(history, 44, 40, SLICES.subList(40, 45))))
        .containsExactly(Code.IMA_LIST_CHANGED);
    assertThat(codes(next(history, 45, 40, SLICES.subList(40, 45)))).isEmpty();
  }

  @Test
  void aRebootAsksForTheWholeListAndAnEarlierBootIsRefused() {
    History history = after(50);
    Evidence later = key.evidence(2, pcr10(SLICES.subList(0, 30)), 50, new byte[0]);
    Appraised appraised = Appraiser.appraise(history, later, policy(), NOW);
    assertThat(appraised).isInstanceOf(Appraised.AskAgain.class);
    History again = ((Appraised.AskAgain) appraised).history();
    assertThat(again.nextImaEntry()).isZero();
    Evidence whole =
        key.evidence(2, pcr10(SLICES.subList(0, 30)), 0, RecordedList.join(SLICES.subList(0, 30)));
    Appraised.Judged judged = judged(Appraiser.appraise(again, whole, policy(), NOW));
    assertThat(judged.appraisal().trusted()).isTrue();
    Evidence earlier = key.evidence(1, pcr10(SLICES.subList(0, 30)), 30, new byte[0]);
    assertThat(codes(Appraiser.appraise(judged.history(), earlier, policy(), NOW)))
        .containsExactly(Code.CLOCK_REFUSED);
  }

  @Test
  void anotherPolicyJudgesAllFromTheFirstEntry() {
    Policy p = policy();
    Policy other =
        new Policy("2", p.quotes(), p.bank(), p.pcrs(), p.files(), p.boot(), false, false);
    History history = after(50);
    Evidence part = key.evidence(1, pcr10(SLICES.subList(0, 50)), 50, new byte[0]);
    assertThat(Appraiser.appraise(history, part, other, NOW))
        .isInstanceOf(Appraised.AskAgain.class);
  }

  @Test
  void aPolicyForFilesIsNotMetByNoListAnEmptyOneOrOneOfBootAggregateAlone() {
    Digest one = pcr10(SLICES.subList(0, 1));
    PcrValues values = PcrValues.of(HashAlg.SHA256, Map.of(10, one));
    History start = History.start("1");
    assertThat(
            codes(
                Appraiser.appraise(
                    start,
                    key.evidence(1, values, Optional.empty(), Optional.empty()),
                    policy(),
                    NOW)))
        .containsExactly(Code.IMA_LIST_MISSING);
    assertThat(
            codes(
                Appraiser.appraise(
                    start,
                    key.evidence(1, Digest.zero(HashAlg.SHA256), 0, new byte[0]),
                    policy(),
                    NOW)))
        .containsExactly(Code.IMA_LIST_MISSING);
    assertThat(
            codes(
                Appraiser.appraise(
                    start, key.evidence(1, one, 0, SLICES.getFirst()), policy(), NOW)))
        .containsExactly(Code.IMA_COVERS_NOTHING);
    assertThat(
            codes(
                Appraiser.appraise(
                    start,
                    key.evidence(1, Digest.zero(HashAlg.SHA256), 0, RecordedList.join(SLICES)),
                    policy(),
                    NOW)))
        .containsExactly(Code.IMA_COVERS_NOTHING);
  }

  @Test
  void aBadFileCannotBeLeftBehindByPollingOn() {
    RuntimePolicy strict =
        RuntimePolicy.of(
            RuntimePolicyWriter.fromList(
                RecordedList.join(SLICES.subList(0, 20)), HashAlg.SHA1, NOW));
    Policy policy = policy(key.verifier(), Optional.of(strict));
    History history = after(20);
    Evidence bad = key.evidence(1, pcr10(SLICES.subList(0, 21)), 20, SLICES.get(20));
    Appraised.Judged judged = judged(Appraiser.appraise(history, bad, policy, NOW));
    assertThat(judged.appraisal().findings())
        .extracting(Finding::code)
        .containsExactly(Code.FILE_NOT_IN_POLICY);
    Evidence after = key.evidence(1, pcr10(SLICES.subList(0, 21)), 21, new byte[0]);
    assertThat(codes(Appraiser.appraise(judged.history(), after, policy, NOW)))
        .containsExactly(Code.IMA_LIST_CHANGED);
  }

  @Test
  void whatThePolicyNeedsAndTheQuoteDoesNotCoverIsMissing() {
    Policy p = policy();
    Policy needy =
        new Policy(
            "1",
            p.quotes(),
            p.bank(),
            Optional.of(PcrPolicy.parse("{\"mask\":\"0x3\",\"7\":\"" + "00".repeat(32) + "\"}")),
            p.files(),
            p.boot(),
            true,
            false);
    Appraised appraised =
        Appraiser.appraise(
            History.start("1"),
            key.evidence(1, pcr10(SLICES), 0, RecordedList.join(SLICES)),
            needy,
            NOW);
    assertThat(judged(appraised).appraisal().findings())
        .extracting(Finding::where)
        .contains("PCR 0", "PCR 1", "PCR 7", "PCR 16", "payload key");
  }

  @Test
  void thePayloadKeyIsTheOneThatPcr16Binds() {
    byte[] pem = "-----BEGIN PUBLIC KEY-----\n".getBytes(StandardCharsets.UTF_8);
    Digest bound = Digest.zero(HashAlg.SHA256).extend(HashAlg.SHA256.hash(pem));
    PcrValues values = PcrValues.of(HashAlg.SHA256, Map.of(16, bound));
    Policy policy =
        new Policy(
            "1",
            key.verifier(),
            HashAlg.SHA256,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            true,
            false);
    Evidence first = key.evidence(1, values, Optional.empty(), Optional.of(pem));
    History history = judged(Appraiser.appraise(History.start("1"), first, policy, NOW)).history();
    Evidence cached = key.evidence(1, values, Optional.empty(), Optional.empty());
    assertThat(codes(Appraiser.appraise(history, cached, policy, NOW))).isEmpty();
    Evidence other = key.evidence(1, values, Optional.empty(), Optional.of(new byte[1]));
    assertThat(codes(Appraiser.appraise(history, other, policy, NOW)))
        .containsExactly(Code.KEY_NOT_BOUND);
    Evidence none = key.evidence(1, values, Optional.empty(), Optional.empty());
    assertThat(codes(Appraiser.appraise(History.start("1"), none, policy, NOW)))
        .containsExactly(Code.KEY_NOT_BOUND);
  }

  @Test
  void aBootAggregateThatIsNotOfTheBootPcrsIsRefusedEvenIfThePolicyListsIt() {
    Evidence e = evidence(BEFORE, "ecc", BINARY);
    List<byte[]> other = new ArrayList<>(SLICES);
    other.set(0, RecordedList.slices(new Fixture("12-secureboot-on").bytes(BINARY)).getFirst());
    RuntimePolicy files =
        RuntimePolicy.of(RuntimePolicyWriter.fromList(RecordedList.join(other), HashAlg.SHA1, NOW));
    var all = new java.util.TreeMap<>(e.quote().values().banks().firstEntry().getValue());
    all.put(10, pcr10(other));
    Evidence lying =
        key.evidence(
            1,
            PcrValues.of(HashAlg.SHA256, all),
            Optional.of(new Evidence.ImaPart(0, RecordedList.join(other))),
            Optional.empty());
    assertThat(
            codes(
                Appraiser.appraise(
                    History.start("1"), lying, policy(key.verifier(), Optional.of(files)), NOW)))
        .containsExactly(Code.BOOT_AGGREGATE_MISMATCH);
  }

  @Test
  void aHundredThousandBadEntriesAreAllCountedAndAHundredKept() {
    List<byte[]> many = new ArrayList<>();
    many.add(SLICES.getFirst());
    byte[] bad = SLICES.get(30);
    for (int i = 0; i < 100_000; i++) {
      many.add(bad);
    }
    RuntimePolicy strict =
        RuntimePolicy.of(
            RuntimePolicyWriter.fromList(
                RecordedList.join(SLICES.subList(0, 3)), HashAlg.SHA1, NOW));
    Evidence e = key.evidence(1, pcr10(many), 0, RecordedList.join(many));
    Appraisal appraisal =
        judged(
                Appraiser.appraise(
                    History.start("1"), e, policy(key.verifier(), Optional.of(strict)), NOW))
            .appraisal();
    assertThat(appraisal.findings()).hasSize(100);
    assertThat(appraisal.findingCount()).isEqualTo(100_000);
  }

  @Test
  void withoutAPolicyFilesAreCountedAndSaidNotToBeChecked() {
    Policy none = policy(verifier(BEFORE, "ecc"), Optional.empty());
    Appraisal appraisal =
        judged(Appraiser.appraise(History.start("1"), evidence(BEFORE, "ecc", BINARY), none, NOW))
            .appraisal();
    assertThat(appraisal.trusted()).isTrue();
    assertThat(appraisal.notChecked()).hasSize(3).contains("files: no runtime policy");
    assertThat(appraisal.covered().files()).isEqualTo(71);
    assertThat(appraisal.covered().imaEntries()).isEqualTo(72);
  }

  @FuzzTest(maxDuration = "60s")
  void anyCheckpointIsRefusedOrSurvivesTheRoundTrip(byte[] bytes) {
    try {
      History history = History.fromJson(Json.parseObject(bytes, Limits.WIRE));
      assertThat(History.fromJson(history.toJson())).isEqualTo(history);
    } catch (JsonException e) {
      assertThat(e).hasMessageNotContaining("null pointer");
    }
  }
}
