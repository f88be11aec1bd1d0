package dev.keystead.lab.opinion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.lab.process.Outside;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our replay of boot logs beside that of tpm2_eventlog. */
@Tag("slow")
class TpmEventlogTest {
  private static final Pattern LINE =
      Pattern.compile("(?m)^  (sha\\d+):$|^    (\\d+) *: 0x([0-9a-f]+)$");

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("dev.keystead.lab.opinion.Boot#all")
  void eventlogAgreesOnEveryPcrOfEveryBank(Boot boot) throws Exception {
    Outside tool =
        Outside.run(folder, new byte[0], List.of("tpm2_eventlog", boot.file().toString()));

    assertThat(tool.exit()).as(tool.err()).isZero();
    assertThat(boot.log().replay()).isEqualTo(pcrs(tool.out()));
  }

  @Test
  void thereIsSomethingToAgreeOn() throws Exception {
    assertThat(Boot.all()).hasSize(17);
    assertThat(Boot.of("12-secureboot-on").log().replay().banks().keySet())
        .containsExactly(HashAlg.SHA1, HashAlg.SHA256);
  }

  private static PcrValues pcrs(String yaml) {
    SequencedMap<HashAlg, SortedMap<Integer, Digest>> banks = new LinkedHashMap<>();
    Matcher lines = LINE.matcher(yaml.substring(yaml.indexOf("\npcrs:")));
    while (lines.find()) {
      if (lines.group(1) != null) {
        banks.put(HashAlg.named(lines.group(1)).orElseThrow(), new TreeMap<>());
      } else {
        HashAlg bank = banks.lastEntry().getKey();
        byte[] value = HexFormat.of().parseHex(lines.group(3));
        banks.lastEntry().getValue().put(Integer.parseInt(lines.group(2)), Digest.of(bank, value));
      }
    }
    return new PcrValues(banks);
  }
}
