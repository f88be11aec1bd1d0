package dev.keystead.lab.opinion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.lab.process.Outside;
import dev.keystead.node.identity.KeyAlgorithms;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What tpm2_checkquote says about the quotes that an agent gives over its wire. */
@Tag("slow")
class TpmCheckquoteTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void checkquoteAcceptsWhatAnAgentAnswersAndNothingElse(KeyAlgorithms keys) throws Exception {
    AgentEvidence evidence;
    try (RunningAgent agent =
        new RunningAgent(
            folder,
            new TpmAddress.Embedded(folder.resolve("tpm")),
            keys,
            folder.resolve("no-boot-log"))) {
      evidence = agent.evidence(new PcrMask(0x7fff));
    }
    Outside accepted = checkquote(evidence);
    assertThat(accepted.exit()).as(accepted.err()).isZero();

    byte[] quote = evidence.quote().clone();
    quote[quote.length - 1] ^= 1;
    assertThat(checkquote(evidence.withQuote(quote)).exit()).isNotZero();
    byte[] value = evidence.pcr(10).clone();
    value[31] ^= 1;
    assertThat(checkquote(evidence.withPcr(10, value)).exit()).isNotZero();
  }

  private Outside checkquote(AgentEvidence evidence) throws IOException, InterruptedException {
    Files.write(folder.resolve("ak"), evidence.ak().toSizedBytes());
    Files.write(folder.resolve("message"), evidence.quote());
    Files.write(folder.resolve("signature"), evidence.signature());
    Files.write(folder.resolve("pcrs"), evidence.pcrFile());
    return Outside.run(
        folder,
        new byte[0],
        List.of(
            "tpm2_checkquote",
            "-u",
            "ak",
            "-m",
            "message",
            "-s",
            "signature",
            "-f",
            "pcrs",
            "-g",
            "sha256",
            "-q",
            HexFormat.of().formatHex(evidence.nonce())));
  }
}
