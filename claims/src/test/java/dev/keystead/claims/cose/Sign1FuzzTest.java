package dev.keystead.claims.cose;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are a message, written back to the letter, or a CoseException; so for keys. */
class Sign1FuzzTest {
  @FuzzTest(maxDuration = "60s")
  void message(byte[] bytes) {
    try {
      assertThat(Sign1.parse(bytes, 1 << 16).encode()).isEqualTo(bytes);
    } catch (CoseException e) {
      assertThat(e.reason()).isEqualTo(CoseException.Reason.MALFORMED);
    }
    try {
      assertThat(VerifyingKey.parse(bytes).key().getEncoded()).isEqualTo(bytes);
    } catch (CoseException e) {
      assertThat(e.reason()).isEqualTo(CoseException.Reason.MALFORMED);
    }
  }
}
