package dev.keystead.evidence.ima;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Fixture;
import dev.keystead.evidence.RecordedList;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordedListsTest {
  private static final String BINARY = "binary_runtime_measurements";
  private static final String ASCII = "ascii_runtime_measurements";
  private static final Fixture ODD_NAMES = new Fixture("06-runtime-attacks/4-odd-names");
  private static final Set<HashAlg> BANKS = Set.of(HashAlg.SHA256);

  static Stream<Fixture> fixtures() {
    return Fixture.all();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void bothFormsReplayToPcr10OfEveryBank(Fixture fixture) {
    Map<HashAlg, Digest> quoted = RecordedList.pcr10(fixture);
    boolean extendedBehindTheList = fixture.folder().endsWith("5-pcr10-broken");
    for (String form : List.of(BINARY, ASCII)) {
      Map<HashAlg, Digest> replayed = RecordedList.replay(fixture.bytes(form), quoted);
      if (extendedBehindTheList) {
        replayed.forEach((bank, pcr) -> assertThat(pcr).isNotEqualTo(quoted.get(bank)));
      } else {
        assertThat(replayed).as(form).isNotEmpty().isEqualTo(quoted);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void bothFormsSayTheSame(Fixture fixture) {
    List<ImaEntry> binary = RecordedList.entries(fixture.bytes(BINARY));
    List<ImaEntry> ascii = RecordedList.entries(fixture.bytes(ASCII));
    assertThat(ascii).hasSameSizeAs(binary);
    for (int i = 0; i < binary.size(); i++) {
      assertThat(ascii.get(i).where()).isEqualTo(binary.get(i).where());
      assertThat(ascii.get(i).digest()).isEqualTo(binary.get(i).digest());
      assertThat(ascii.get(i).templateHash()).isEqualTo(binary.get(i).templateHash());
      assertThat(ascii.get(i).fits()).isEqualTo(!binary.get(i).isViolation());
    }
  }

  @Test
  void namesWithNewlinesAndUtf8AreReadWholeAndPrintedSafely() {
    List<String> where =
        RecordedList.entries(ODD_NAMES.bytes(ASCII)).stream().map(ImaEntry::where).toList();
    assertThat(where)
        .anyMatch(w -> w.endsWith(", /opt/nl-a\\u{a}b"))
        .anyMatch(w -> w.endsWith(", /opt/utf8-ä中"))
        .anyMatch(w -> w.endsWith("/opt/a_name_with__spaces"));
  }

  @Test
  void anOldListWhoseNamesHoldSpacesIsReadByItsHashes() {
    for (String name : List.of("/a b", "/a  b ", " ", "/x (deleted)", "/new\nline\nabc")) {
      byte[] list = ngEntry(name.getBytes(StandardCharsets.UTF_8));
      assertThat(RecordedList.entries(list))
          .singleElement()
          .satisfies(e -> {
            assertThat(e.fits()).isTrue();
            assertThat(e.name()).isEqualTo(name);
          });
    }
  }

  @Test
  void aNameThatIsNotUtf8BecomesTextThatNoPolicyCanHold() {
    byte[] list = ngEntry(new byte[] {'/', (byte) 0xff, (byte) 0xc3, (byte) 0xa4});
    ImaEntry entry = RecordedList.entries(list).getFirst();
    assertThat(entry.name()).isEqualTo("/\udcffä");
    assertThat(entry.where()).isEqualTo("IMA entry 1, /\\xffä");
  }

  /** A text list of one ima-ng entry, made by its definition. */
  private static byte[] ngEntry(byte[] name) {
    String digest = "ab".repeat(32);
    byte[] label = "sha256:\0".getBytes(StandardCharsets.UTF_8);
    var data = new java.io.ByteArrayOutputStream();
    data.writeBytes(new byte[] {40, 0, 0, 0});
    data.writeBytes(label);
    data.writeBytes(java.util.HexFormat.of().parseHex(digest));
    data.writeBytes(new byte[] {(byte) (name.length + 1), 0, 0, 0});
    data.writeBytes(name);
    data.write(0);
    String hash = Digest.hash(HashAlg.SHA1, data.toByteArray()).hex();
    var list = new java.io.ByteArrayOutputStream();
    list.writeBytes(
        "10 %s ima-ng sha256:%s ".formatted(hash, digest).getBytes(StandardCharsets.UTF_8));
    list.writeBytes(name);
    list.write('\n');
    return list.toByteArray();
  }

  @Test
  void templatesAreKnownByNameAndByDescriptionAndNoOthers() {
    assertThat(ImaTemplate.find("d-ng|n-ng|sig").orElseThrow().fields())
        .isEqualTo(ImaTemplate.find("ima-sig").orElseThrow().fields());
    assertThat(ImaTemplate.find("evm-sig").orElseThrow().fields()).hasSize(9);
    for (String name : List.of("", "ima-", "d-ng|", "d-ng|d-ng", "n-ng|x", "|", "d".repeat(200))) {
      assertThat(ImaTemplate.find(name)).as(name).isEmpty();
    }
  }

  @Test
  void aListThatIsTruncatedAnywhereNeverReplaysToThePcr() {
    for (String form : List.of(BINARY, ASCII)) {
      byte[] list = new Fixture("07-critical-data").bytes(form);
      Digest whole = replayed(list).orElseThrow();
      for (int size = 0; size < list.length - 1; size++) {
        assertThat(replayed(Arrays.copyOf(list, size)))
            .as("%s to %d", form, size)
            .isNotEqualTo(Optional.of(whole));
      }
    }
  }

  @Test
  void noMutationOfABytePassesUnnoticed() {
    Random random = new Random(1);
    List<Fixture> fixtures =
        List.of(new Fixture("07-critical-data"), new Fixture("11-ima-legacy"), ODD_NAMES);
    for (int i = 0; i < 4_000; i++) {
      Fixture fixture = fixtures.get(i % fixtures.size());
      byte[] list = fixture.bytes(i % 2 == 0 ? BINARY : ASCII);
      int at = random.nextInt(list.length);
      byte old = list[at];
      list[at] ^= (byte) (1 + random.nextInt(255));
      Optional<Digest> pcr = replayed(list);
      if (pcr.isPresent() && RecordedList.pcr10(fixture).containsValue(pcr.get())) {
        assertThat(differsHarmlessly(fixture, list, i % 2 == 0 ? BINARY : ASCII))
            .as("%s byte %d was %d is %d", fixture, at, old, list[at])
            .isTrue();
      }
    }
  }

  /** Whether each entry that differs says so itself, or is a violation, which nothing binds. */
  private static boolean differsHarmlessly(Fixture fixture, byte[] list, String form) {
    List<ImaEntry> before = RecordedList.entries(fixture.bytes(form));
    List<ImaEntry> after = RecordedList.entries(list);
    for (int i = 0; i < after.size(); i++) {
      ImaEntry entry = after.get(i);
      boolean flagged = !entry.fits() || entry.pcr() != 10 || entry.template().isEmpty();
      if (!flagged && !entry.where().equals(before.get(i).where())) {
        return false;
      }
    }
    return true;
  }

  /** PCR 10 after the list; none when the list or an entry is refused. */
  private static Optional<Digest> replayed(byte[] list) {
    try {
      ImaReplay replay = new ImaReplay(ImaState.start(BANKS));
      for (ImaEntry entry : RecordedList.entries(list)) {
        replay.extend(entry);
        entry.where();
      }
      return Optional.ofNullable(replay.state().pcr10().get(HashAlg.SHA256));
    } catch (EvidenceException e) {
      assertThat(e.finding().code()).isEqualTo(Finding.Code.MALFORMED);
      return Optional.empty();
    }
  }

  @FuzzTest(maxDuration = "60s")
  void anyBytesAreReadOrRefusedWithAReason(byte[] list) {
    try {
      for (ImaEntry entry : RecordedList.entries(list)) {
        assertThat(entry.where()).startsWith("IMA entry ");
        if (entry.template().isPresent()) {
          readAll(entry);
        }
      }
    } catch (EvidenceException e) {
      assertThat(e.finding().code()).isEqualTo(Finding.Code.MALFORMED);
    }
  }

  private static void readAll(ImaEntry entry) {
    try {
      entry.name();
      entry.digest().alg();
      entry.bytes(ImaField.SIG);
    } catch (EvidenceException e) {
      assertThat(e.finding().code()).isEqualTo(Finding.Code.IMA_ENTRY_MISMATCH);
    }
  }
}
