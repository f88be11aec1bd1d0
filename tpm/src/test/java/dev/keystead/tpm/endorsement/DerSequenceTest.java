package dev.keystead.tpm.endorsement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.tpm.TpmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DerSequenceTest {
  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @ParameterizedTest
  @ValueSource(strings = {"300201020000", "30020102ffff", "30020102", "30020102300100"})
  void aCertificateEndsWhereItSaysThatItEnds(String padded) throws Exception {
    assertThat(DerSequence.first(hex(padded))).isEqualTo(hex("30020102"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30", "0000", "3080", "3003aabb", "308201", "30840000000000"})
  void whatIsNoCertificateIsAnError(String bytes) {
    assertThatThrownBy(() -> DerSequence.first(hex(bytes))).isInstanceOf(TpmException.class);
  }

  @Test
  void certificatesStandOneBehindTheOtherUpToThePadding() throws Exception {
    assertThat(DerSequence.all(hex("3001aa3002bbcc0000")))
        .containsExactly(hex("3001aa"), hex("3002bbcc"));
    assertThat(DerSequence.all(new byte[0])).isEmpty();
    assertThatThrownBy(() -> DerSequence.all(hex("3001aa0001"))).isInstanceOf(TpmException.class);
  }
}
