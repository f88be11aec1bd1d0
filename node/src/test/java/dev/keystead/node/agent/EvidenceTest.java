package dev.keystead.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.ima.ImaEntry;
import dev.keystead.evidence.ima.ImaReader;
import dev.keystead.evidence.ima.ImaReplay;
import dev.keystead.evidence.ima.ImaState;
import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.keylime.quote.QuoteReply;
import dev.keystead.node.identity.KeyAlgorithms;
import dev.keystead.node.ima.Measurements;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.TpmPublic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
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

  @Test
  void theListThatComesWithAQuoteReplaysToItsPcr10() throws Exception {
    try (TestNode node = new TestNode(directory)) {
      String list = Measurements.lines(0, 90) + Measurements.violation("/etc/x");
      Files.writeString(node.imaList, list);
      try (Agent agent = node.start(node.config())) {
        QuoteReply reply = integrity(node, agent, 0);
        assertThat(reply.ima().orElseThrow().entries()).isEqualTo(list);
        VerifiedQuote quote = verified(node.registration().ak(), reply, 0x10400);
        assertThat(quote.values().get(HashAlg.SHA256, 10)).contains(replayed(list));
        assertThat(reply.payloadKey()).isEmpty();

        String more = Measurements.line("/usr/bin/late", "late");
        Files.writeString(node.imaList, more, StandardOpenOption.APPEND);
        QuoteReply increment = integrity(node, agent, 91);
        assertThat(increment.ima().orElseThrow()).isEqualTo(new QuoteReply.ImaList(more, 91));
        VerifiedQuote later = verified(node.registration().ak(), increment, 0x10400);
        assertThat(later.values().get(HashAlg.SHA256, 10)).contains(replayed(list + more));
        assertThat(integrity(node, agent, 92).ima().orElseThrow())
            .isEqualTo(new QuoteReply.ImaList("", 92));
        assertThat(integrity(node, agent, 93).ima().orElseThrow())
            .isEqualTo(new QuoteReply.ImaList(list + more, 0));
      }
    }
  }

  @Test
  void theBootLogComesOnlyWithPcr0() throws Exception {
    try (TestNode node = new TestNode(directory)) {
      byte[] log = {1, 2, 3};
      Files.write(directory.resolve("boot.bin"), log);
      try (Agent agent = node.start(node.config())) {
        assertThat(integrity(node, agent, 0).bootLog()).isEmpty();
        String target = "/v2.6/quotes/integrity?nonce=%s&mask=0xffff&partial=0".formatted(NONCE);
        QuoteReply reply = QuoteReply.parse(node.get(agent, target));
        assertThat(reply.bootLog().orElseThrow()).isEqualTo(log);
        assertThat(reply.ima()).isEmpty();
        verified(node.registration().ak(), reply, 0x1ffff);
      }
    }
  }

  @Test
  void manyQuestionsAtOnceAreAllAnsweredRightly() throws Exception {
    try (TestNode node = new TestNode(directory);
        Agent agent = node.start(node.config());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<QuoteReply>> replies = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int mask = i % 2 == 0 ? 0x400 : 0x800;
        String target =
            "/v2.6/quotes/integrity?nonce=%s&mask=0x%x&partial=1".formatted(NONCE, mask);
        replies.add(threads.submit(() -> QuoteReply.parse(node.get(agent, target))));
      }
      for (int i = 0; i < 40; i++) {
        int mask = i % 2 == 0 ? 0x10400 : 0x10800;
        verified(node.registration().ak(), replies.get(i).get(), mask);
      }
    }
  }

  private static QuoteReply integrity(TestNode node, Agent agent, int entry) throws Exception {
    String target =
        "/v2.6/quotes/integrity?nonce=%s&mask=0x400&partial=1&ima_ml_entry=%d"
            .formatted(NONCE, entry);
    return QuoteReply.parse(node.get(agent, target));
  }

  private static Digest replayed(String list) {
    ImaReplay replay = new ImaReplay(ImaState.start(Set.of(HashAlg.SHA256)));
    ImaReader reader = ImaReader.of(list.getBytes(StandardCharsets.UTF_8), 0, HashAlg.SHA1);
    for (Optional<ImaEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      replay.extend(entry.get());
    }
    return Objects.requireNonNull(replay.state().pcr10().get(HashAlg.SHA256));
  }

  static VerifiedQuote verified(TpmPublic ak, QuoteReply reply, int mask) {
    return new QuoteVerifier(AttestationKey.of(ak), AcceptedAlgorithms.ALL)
        .verify(
            reply.quote(),
            NONCE.getBytes(StandardCharsets.US_ASCII),
            new Coverage.Exactly(PcrSelection.ofMask(HashAlg.SHA256, mask)));
  }
}
