package dev.keystead.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.keystead.evidence.boot.BootLog;
import dev.keystead.evidence.boot.BootState;
import dev.keystead.evidence.boot.SignatureList;
import dev.keystead.evidence.endorsement.EkCertificate;
import dev.keystead.evidence.quote.PcrFile;
import dev.keystead.evidence.reference.ReferenceFile;
import dev.keystead.evidence.refstate.Refstate;

/** Whatever bytes come, a parser returns a value or refuses them in the contract's words. */
class ParserFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void pcrFile(byte[] bytes) {
    try {
      assertThat(PcrFile.parse(PcrFile.write(PcrFile.parse(bytes)))).isNotNull();
    } catch (EvidenceException e) {
      assertThat(e.finding().code()).isEqualTo(Finding.Code.MALFORMED);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void bootLog(byte[] bytes) {
    try {
      BootLog log = BootLog.parse(bytes);
      assertThat(BootState.of(log).findings()).isNotNull();
      log.events().forEach(event -> assertThat(event.text()).doesNotContain("\n"));
      log.replay();
    } catch (EvidenceException e) {
      assertThat(e.finding().code()).isEqualTo(Finding.Code.MALFORMED);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void signatureList(byte[] bytes) {
    try {
      assertThat(SignatureList.parse(bytes)).isNotNull();
    } catch (EvidenceException e) {
      assertThat(e.finding().code()).isEqualTo(Finding.Code.MALFORMED);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void ekCertificate(byte[] bytes) {
    try {
      assertThat(EkCertificate.parse(bytes).publicKey()).isNotNull();
    } catch (EvidenceException e) {
      assertThat(e.finding().code()).isIn(Finding.Code.MALFORMED, Finding.Code.EK_UNTRUSTED);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void refstate(byte[] bytes) {
    try {
      assertThat(Refstate.parse(bytes).kernels()).isNotNull();
    } catch (EvidenceException e) {
      assertThat(e.finding().code()).isEqualTo(Finding.Code.POLICY_UNUSABLE);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void bootReference(byte[] bytes) {
    try {
      var reference = ReferenceFile.parse(bytes);
      assertThat(ReferenceFile.parse(ReferenceFile.write(reference).toBytes()))
          .isEqualTo(reference);
    } catch (EvidenceException e) {
      assertThat(e.finding().code()).isEqualTo(Finding.Code.POLICY_UNUSABLE);
    }
  }
}
