package dev.keystead.tpm.structure;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.keystead.tpm.ResponseHeader;

/** Parsers of what a TPM or a node may send: a value or a TpmFormatException. */
class StructureFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void publicArea(byte[] bytes) {
    attempt(() -> {
      TpmPublic area = TpmPublic.parse(bytes);
      assertThat(area.toBytes()).isEqualTo(bytes);
      area.toPublicKey();
    });
  }

  @FuzzTest(maxDuration = "60s")
  void attest(byte[] bytes) {
    attempt(() -> Attest.parse(bytes));
  }

  @FuzzTest(maxDuration = "60s")
  void signature(byte[] bytes) {
    attempt(() -> TpmSignature.parse(bytes));
  }

  @FuzzTest(maxDuration = "60s")
  void responseHeader(byte[] bytes) {
    attempt(() -> ResponseHeader.read(new TpmReader(bytes)));
  }

  private static void attempt(Runnable parser) {
    try {
      parser.run();
    } catch (TpmFormatException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
