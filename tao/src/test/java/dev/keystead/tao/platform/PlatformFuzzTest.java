package dev.keystead.tao.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.keystead.claims.cbor.CborException;

/** What lies on disk or comes from a machine is a value, written back to the letter, or refused. */
class PlatformFuzzTest {
  private interface Parser {
    byte[] again(byte[] bytes) throws CborException;
  }

  @FuzzTest(maxDuration = "60s")
  void files(byte[] bytes) {
    attempt(bytes, b -> PlatformRequest.parse(b).encode());
    attempt(bytes, b -> ProtectedCertificate.parse(b).encode());
    attempt(bytes, b -> SealedRoot.parse(b).encode());
    attempt(bytes, b -> PcrApproval.parse(b).state().digest());
  }

  private static void attempt(byte[] bytes, Parser parser) {
    try {
      assertThat(parser.again(bytes)).isNotEmpty();
    } catch (CborException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
