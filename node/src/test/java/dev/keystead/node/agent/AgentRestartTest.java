package dev.keystead.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.keylime.quote.QuoteReply;
import dev.keystead.keylime.registration.Registration;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.AgentException;
import dev.keystead.node.ima.Measurements;
import dev.keystead.node.secure.PrivateTree;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent is after it was stopped, robbed or refused. */
class AgentRestartTest {
  @TempDir Path directory;

  @Test
  void aRestartedAgentIsTheSameAgent() throws Exception {
    try (TestNode node = new TestNode(directory)) {
      Files.writeString(node.imaList, Measurements.lines(0, 3));
      Registration first;
      try (Agent agent = node.start(node.config())) {
        assertThat(quote(node, agent).ima()).isPresent();
        first = node.registration();
      }
      node.registrar.active.clear();
      try (Agent agent = node.start(node.config())) {
        Registration second = node.registration();
        assertThat(second.ak().name()).isEqualTo(first.ak().name());
        assertThat(second.ek()).isPresent();
        assertThat(second.mtlsCert()).isEqualTo(first.mtlsCert());
        QuoteReply reply = quote(node, agent);
        var quote = EvidenceTest.verified(first.ak(), reply, 0x10400);
        assertThat(quote.values().get(HashAlg.SHA256, 10)).isPresent();
      }
    }
  }

  @Test
  void everyKeyIsPrivate() throws Exception {
    try (TestNode node = new TestNode(directory);
        Agent agent = node.start(node.config());
        Stream<Path> tree = Files.walk(directory.resolve("work"))) {
      for (Path path : tree.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as(path.toString())
            .endsWith("------");
      }
      assertThat(agent.id()).isEqualTo(TestNode.ID);
    }
  }

  @Test
  void registrationIsTriedAgainUntilTheRegistrarTakesIt() throws Exception {
    try (TestNode node = new TestNode(directory)) {
      node.registrar.nextStatus.addAll(List.of(503, 500, 503));
      try (Agent agent = node.start(node.config())) {
        assertThat(agent.id()).isEqualTo(TestNode.ID);
        assertThat(node.seen.stream().filter(AgentEvent.NotRegistered.class::isInstance))
            .hasSize(3);
      }
    }
  }

  @Test
  void anAgentWithAnotherKeyIsToldWhatItsOwnerHasToDo() throws Exception {
    try (TestNode node = new TestNode(directory)) {
      node.start(node.config()).close();
      Registration first = node.registration();
      Files.delete(directory.resolve("work/agent-identity.json"));
      node.registrar.nextStatus.add(403);
      try (Agent agent = Agent.start(node.config())) {
        AgentEvent.NotRegistered refused = node.await(AgentEvent.NotRegistered.class);
        assertThat(refused.reason()).contains("the owner deletes the record");
        assertThat(agent.awaitActivated(Duration.ofSeconds(30))).isTrue();
        assertThat(node.registration().ak().name()).isNotEqualTo(first.ak().name());
      }
    }
  }

  @Test
  void aTpmThatWasReplacedIsNotedAtTheStart() throws Exception {
    try (TestNode node = new TestNode(directory)) {
      node.start(node.config()).close();
      PrivateTree.delete(directory.resolve("work/tpm"));
      assertThatThrownBy(() -> Agent.start(node.config()))
          .isInstanceOf(AgentException.class)
          .hasMessageContaining("belongs to another TPM");
    }
  }

  @Test
  void aDamagedIdentityIsNotReplacedSilently() throws Exception {
    try (TestNode node = new TestNode(directory)) {
      node.start(node.config()).close();
      Files.writeString(directory.resolve("work/agent-identity.json"), "{}");
      assertThatThrownBy(() -> Agent.start(node.config()))
          .isInstanceOf(AgentException.class)
          .hasMessageContaining("cannot be read. Restore it");
    }
  }

  @Test
  void aTlsKeyWithoutItsCertificateIsReplaced() throws Exception {
    try (TestNode node = new TestNode(directory)) {
      node.start(node.config()).close();
      Registration first = node.registration();
      Files.writeString(
          directory.resolve("work/server-private.pem"),
          PrivateKeys.toPem(PrivateKeys.generate(KeyType.EC_P256).getPrivate()));
      try (Agent agent = node.start(node.config())) {
        assertThat(node.registration().mtlsCert()).isNotEqualTo(first.mtlsCert());
        assertThat(quote(node, agent).quote()).isNotNull();
      }
    }
  }

  @Test
  void aSecondAgentInTheSameDirectoryIsRefused() throws Exception {
    try (TestNode node = new TestNode(directory);
        Agent agent = node.start(node.config())) {
      assertThatThrownBy(() -> Agent.start(node.config()))
          .isInstanceOf(AgentException.class)
          .hasMessageContaining("another agent uses");
      assertThat(quote(node, agent).quote()).isNotNull();
    }
  }

  @Test
  void aStopForgetsWhatWasBootstrappedOnlyWhenAsked() throws Exception {
    try (TestNode node = new TestNode(directory)) {
      node.start(node.config()).close();
      assertThat(node.secure).exists();
      node.start(
              node.config().with(new AgentConfig.Secure(Optional.of(node.secure), 1 << 20, true)))
          .close();
      assertThat(node.secure).doesNotExist();
    }
  }

  @Test
  void anAgentWithoutItsOwnersAuthorityDoesNotStart() throws Exception {
    try (TestNode node = new TestNode(directory)) {
      Files.delete(directory.resolve("ca.pem"));
      assertThatThrownBy(() -> Agent.start(node.config()))
          .isInstanceOf(AgentException.class)
          .hasMessageContaining("ca.pem");
    }
  }

  private static QuoteReply quote(TestNode node, Agent agent) throws Exception {
    return QuoteReply.parse(
        node.get(agent, "/v2.6/quotes/integrity?nonce=h130KPJc0QMZue5rOXRe&mask=0x400&partial=0"));
  }
}
