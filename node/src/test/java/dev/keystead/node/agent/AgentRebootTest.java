package dev.keystead.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.json.Json;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.keylime.bootstrap.BootstrapKey;
import dev.keystead.keylime.bootstrap.Payload;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.bootstrap.PubkeyReply;
import dev.keystead.keylime.bootstrap.UKey;
import dev.keystead.keylime.bootstrap.VKey;
import dev.keystead.node.secure.PrivateTree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a machine has of its bootstrap after it was started or enrolled anew. */
class AgentRebootTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir Path directory;

  private final BootstrapKey key = BootstrapKey.generate(RANDOM);
  private final BootstrapKey.Shares shares = key.split(RANDOM);

  private static Json.Obj u(
      PayloadKey nk, BootstrapKey key, BootstrapKey.Shares shares, String payload) {
    byte[] plain = payload.getBytes(StandardCharsets.US_ASCII);
    return new UKey(
            nk.wrap(shares.u()),
            key.authTag(TestNode.ID),
            Optional.of(Payload.encrypt(key, plain, RANDOM)))
        .toJson();
  }

  private void bootstrapAndReboot(TestNode node) throws Exception {
    try (Agent agent = node.start(node.config())) {
      Json.Obj u = u(payloadKey(node, agent), key, shares, "secret");
      assertThat(node.post(agent, "/v2.6/keys/ukey", u).code()).isEqualTo(200);
      assertThat(giveV(node, agent)).isEqualTo(200);
      assertThat(agent.isBootstrapped()).isTrue();
    }
    PrivateTree.delete(node.secure);
  }

  private int giveV(TestNode node, Agent agent) throws Exception {
    Json.Obj v = new VKey(payloadKey(node, agent).wrap(shares.v())).toJson();
    return node.post(agent, "/v2.6/keys/vkey", v).code();
  }

  private static PayloadKey payloadKey(TestNode node, Agent agent) throws Exception {
    return PubkeyReply.parse(node.get(agent, "/v2.6/keys/pubkey")).key();
  }

  @Test
  void aRebootNeedsTheVerifierAndNotTheTenant() throws Exception {
    try (TestNode node = new TestNode(directory)) {
      bootstrapAndReboot(node);
      try (Agent agent = node.start(node.config())) {
        assertThat(agent.isBootstrapped()).isFalse();
        assertThat(giveV(node, agent)).isEqualTo(200);
        assertThat(agent.isBootstrapped()).isTrue();
        assertThat(agent.payload().resolve("decrypted_payload")).hasContent("secret");
      }
    }
  }

  @Test
  void theDiskInAnotherMachineHasNoShare() throws Exception {
    try (TestNode node = new TestNode(directory)) {
      bootstrapAndReboot(node);
      PrivateTree.delete(directory.resolve("work/tpm"));
      Files.delete(directory.resolve("work/agent-identity.json"));
      try (Agent agent = node.start(node.config())) {
        assertThat(giveV(node, agent)).isEqualTo(200);
        assertThat(agent.isBootstrapped()).isFalse();
      }
    }
  }

  @Test
  void theMachineWithoutItsDiskHasNoShare() throws Exception {
    try (TestNode node = new TestNode(directory)) {
      bootstrapAndReboot(node);
      Files.delete(directory.resolve("work/kept-share.json"));
      try (Agent agent = node.start(node.config())) {
        assertThat(giveV(node, agent)).isEqualTo(200);
        assertThat(agent.isBootstrapped()).isFalse();
      }
    }
  }

  @Test
  void neitherTheDiskHoldsTheShareNorTheKey() throws Exception {
    try (TestNode node = new TestNode(directory)) {
      bootstrapAndReboot(node);
      String kept = Files.readString(directory.resolve("work/kept-share.json"));
      assertThat(kept).doesNotContain(shares.u().toBase64()).doesNotContain("secret");
      assertThat(Files.getPosixFilePermissions(directory.resolve("work/kept-share.json")))
          .hasSize(2);
    }
  }

  @Test
  void anOwnersCertificateAndAnIdentityQuoteOpenTheWayForAnotherKey() throws Exception {
    try (TestNode node = new TestNode(directory);
        Agent agent = node.start(node.config())) {
      enrol(node, agent, "first", node.issue("client"));
      assertThat(agent.payload().resolve("decrypted_payload")).hasContent("first");
      enrol(node, agent, "second", node.issue("some-node"));
      assertThat(agent.payload().resolve("decrypted_payload")).hasContent("first");
      enrol(node, agent, "second", node.issue("client"));
      assertThat(agent.payload().resolve("decrypted_payload")).hasContent("second");
    }
  }

  /** As a tenant and its verifier do: an identity quote, then both shares of a new key. */
  private static void enrol(TestNode node, Agent agent, String payload, TlsIdentity as)
      throws Exception {
    PayloadKey nk = payloadKey(node, agent);
    BootstrapKey fresh = BootstrapKey.generate(RANDOM);
    BootstrapKey.Shares halves = fresh.split(RANDOM);
    ClientRequest identity = ClientRequest.get("/v2.6/quotes/identity?nonce=h130KPJc0QMZue5rOXRe");
    assertThat(node.send(agent, identity, as).status()).isEqualTo(200);
    var _ = node.post(agent, "/v2.6/keys/ukey", u(nk, fresh, halves, payload), as);
    var _ = node.post(agent, "/v2.6/keys/vkey", new VKey(nk.wrap(halves.v())).toJson(), as);
  }
}
