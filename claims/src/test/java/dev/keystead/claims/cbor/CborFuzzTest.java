package dev.keystead.claims.cbor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are an item, written back to the letter, or a CborException. */
class CborFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void item(byte[] bytes) {
    try {
      assertThat(Cbor.parse(bytes, 1 << 16).encode()).isEqualTo(bytes);
    } catch (CborException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
