package dev.keystead.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.keylime.quote.QuoteReply;
import dev.keystead.node.identity.KeyAlgorithms;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.TpmPublic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An agent's evidence, over its own wire, judged by the evidence room. */
class EvidenceTest {
  private static final String NONCE = "h130KPJc0QMZue5rOXRe";

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void aRegisteredAgentsQuoteVerifiesAndBindsItsPayloadKey(KeyAlgorithms algorithms)
      throws Exception {
    try (TestNode node = new TestNode(directory);
        Agent agent = node.start(node.config().with(algorithms, HashAlg.SHA256))) {
      QuoteReply reply = QuoteReply.parse(node.get(agent, "/v2.6/quotes/identity?nonce=" + NONCE));
      VerifiedQuote quote = verified(node.registration().ak(), reply, 1 << 16);
      reply.payloadKey().orElseThrow().requireBoundBy(quote, HashAlg.SHA256);
      assertThat(reply.algorithms().encryption()).isEqualTo(algorithms.label());
      assertThat(node.registration().ekCert()).isPresent();
    }
  }

  static VerifiedQuote verified(TpmPublic ak, QuoteReply reply, int mask) {
    return new QuoteVerifier(AttestationKey.of(ak), AcceptedAlgorithms.ALL)
        .verify(
            reply.quote(),
            NONCE.getBytes(StandardCharsets.US_ASCII),
            new Coverage.Exactly(PcrSelection.ofMask(HashAlg.SHA256, mask)));
  }
}
