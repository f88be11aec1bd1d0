package dev.keystead.lab.opinion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.boot.BootEvent;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.lab.process.Outside;
import dev.keystead.lab.process.Swtpm;
import dev.keystead.node.identity.KeyAlgorithms;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.structure.HashAlg;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What Google's go-attestation says about the evidence that an agent gives over its wire.
 * GOATTESTATION is where lab/go-attestation has been built.
 */
@Tag("slow")
class GoAttestationTest {
  private static final PcrMask MASK = new PcrMask(0xffff);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void goAttestationAcceptsWhatAnAgentAnswersAndNothingElse(KeyAlgorithms keys) throws Exception {
    Boot boot = Boot.of("12-secureboot-on");
    AgentEvidence evidence;
    try (Swtpm tpm = Swtpm.start(folder)) {
      try (Tpm firmware = tpm.connect()) {
        boot.measureInto(firmware);
      }
      try (RunningAgent agent = new RunningAgent(folder, tpm.address(), keys, boot.file())) {
        evidence = agent.evidence(MASK);
      }
    }
    Outside accepted = judge(evidence);
    assertThat(accepted.exit()).as(accepted.err()).isZero();
    assertThat(accepted.out().lines())
        .startsWith("quote accepted: 17 PCRs")
        .anyMatch(line -> line.startsWith("boot log accepted: "))
        .contains("secure boot: true");

    byte[] quote = evidence.quote();
    for (int at = 0; at < quote.length; at++) {
      assertRefused(evidence.withQuote(changed(quote, at)), "refused: ");
    }
    for (int pcr : evidence.pcrs().keySet()) {
      byte[] value = changed(evidence.pcr(pcr), pcr);
      assertRefused(evidence.withPcr(pcr, value), "refused: quote: ");
    }
    byte[] log = evidence.bootLog().orElseThrow();
    int from = 0;
    for (BootEvent event : boot.log().events()) {
      byte[] digest = Objects.requireNonNull(event.digests().get(HashAlg.SHA256)).bytes();
      from = indexOf(log, digest, from);
      if (event.isExtended()) {
        assertRefused(evidence.withBootLog(changed(log, from)), "refused: boot log: ");
      }
      from += digest.length;
    }
  }

  private void assertRefused(AgentEvidence evidence, String how) throws Exception {
    Outside refused = judge(evidence);
    assertThat(refused.exit()).as(refused.out()).isEqualTo(1);
    assertThat(refused.err()).startsWith(how);
  }

  private Outside judge(AgentEvidence evidence) throws IOException, InterruptedException {
    String program =
        Objects.requireNonNull(
            System.getenv("GOATTESTATION"), "GOATTESTATION: see .ci/stages/10-second-opinions.sh");
    return Outside.run(folder, evidence.toJson(), List.of(program));
  }

  private static byte[] changed(byte[] bytes, int at) {
    byte[] copy = bytes.clone();
    copy[at] ^= 1;
    return copy;
  }

  private static int indexOf(byte[] bytes, byte[] part, int from) {
    for (int at = from; at + part.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new AssertionError("the log does not hold an event's digest");
  }
}
