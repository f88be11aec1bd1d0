package dev.keystead.tpm.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.tpm.RealStructures;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Truncated and mutated structures: accepted as what they are, or refused; nothing else. */
class MalformedStructuresTest {
  private static final int MUTATIONS = 20_000;

  @TempDir static Path directory;
  private static RealStructures real =
      new RealStructures(List.of(), List.of(), List.of(), List.of());

  @BeforeAll
  static void make() throws Exception {
    real = RealStructures.make(directory);
  }

  private static void publicArea(byte[] bytes) {
    TpmPublic area = TpmPublic.parse(bytes);
    assertThat(area.toBytes()).isEqualTo(bytes);
    area.name();
    try {
      area.toPublicKey();
    } catch (TpmFormatException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static void signature(byte[] bytes) {
    TpmWriter out = new TpmWriter();
    TpmSignature.parse(bytes).write(out);
    assertThat(out.toBytes()).isEqualTo(bytes);
  }

  private static void selection(byte[] bytes) {
    TpmReader in = new TpmReader(bytes);
    PcrSelection.read(in);
    in.end("the selection");
  }

  @Test
  void everyTruncationIsRefused() {
    truncated(real.publics(), MalformedStructuresTest::publicArea);
    truncated(real.attests(), Attest::parse);
    truncated(real.signatures(), MalformedStructuresTest::signature);
    truncated(real.selections(), MalformedStructuresTest::selection);
  }

  private static void truncated(List<byte[]> samples, Consumer<byte[]> parser) {
    for (byte[] sample : samples) {
      parser.accept(sample);
      for (int size = 0; size < sample.length; size++) {
        byte[] cut = Arrays.copyOf(sample, size);
        assertThatThrownBy(() -> parser.accept(cut)).isInstanceOf(TpmFormatException.class);
      }
      byte[] longer = Arrays.copyOf(sample, sample.length + 1);
      assertThatThrownBy(() -> parser.accept(longer)).isInstanceOf(TpmFormatException.class);
    }
  }

  @Test
  void mutationsThrowNothingButTheFormatException() {
    mutated(real.publics(), MalformedStructuresTest::publicArea);
    mutated(real.attests(), Attest::parse);
    mutated(real.signatures(), MalformedStructuresTest::signature);
    mutated(real.selections(), MalformedStructuresTest::selection);
  }

  private static void mutated(List<byte[]> samples, Consumer<byte[]> parser) {
    Random random = new Random(20);
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = samples.get(random.nextInt(samples.size())).clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      try {
        parser.accept(bytes);
      } catch (TpmFormatException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }
}
