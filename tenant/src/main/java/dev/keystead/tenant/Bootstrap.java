package dev.keystead.tenant;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.bootstrap.BootstrapKey;
import dev.keystead.keylime.bootstrap.Payload;
import dev.keystead.keylime.bootstrap.UKey;
import dev.keystead.keylime.verifier.Policies;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.tenant.Progress.Stage;
import dev.keystead.tenant.TenantException.Problem;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * The three-party bootstrap of one agent (section 5 of the wire): a fresh key, half of it to the
 * verifier, half of it with the encrypted payload to the agent. The key and both halves are zeroed
 * before anything is waited for.
 */
final class Bootstrap {
  private final Verifier verifier;
  private final Agent agent;
  private final TenantConfig config;
  private final SecureRandom random;
  private final Stopwatch watch;

  Bootstrap(
      Verifier verifier, Agent agent, TenantConfig config, SecureRandom random, Stopwatch watch) {
    this.verifier = verifier;
    this.agent = agent;
    this.config = config;
    this.random = random;
    this.watch = watch;
  }

  /**
   * Whether the agent proved that it has the key; it is asked only when the owner wants to wait.
   */
  boolean run(AddRequest request, ProvenAgent proven, Policies policies, PreparedPayload payload) {
    AgentId id = request.id();
    KeyProof proof;
    try (BootstrapKey key =
            payload
                .encrypted()
                .map(EncryptedPayload::bootstrapKey)
                .orElseGet(() -> BootstrapKey.generate(random));
        BootstrapKey.Shares shares = key.split(random)) {
      proof = new KeyProof(key, random);
      UKey share =
          new UKey(
              proven.payloadKey().wrap(shares.u()),
              key.authTag(id),
              payload
                  .encrypted()
                  .map(EncryptedPayload::payload)
                  .or(() -> payload.plain().map(plain -> Payload.encrypt(key, plain, random))));
      enrol(id, enrolment(request, proven, policies, payload, shares));
      watch.done(Stage.ENROLLED, "verifier " + config.verifier());
      give(id, share);
      watch.done(Stage.SHARE_GIVEN, payload.words());
    }
    if (request.proveKey().isEmpty()) {
      return false;
    }
    proof.await(id, agent, verifier, request.proveKey().get());
    watch.done(Stage.KEY_PROVEN, "the agent has the bootstrap key");
    return true;
  }

  /** Nothing is taken back here: an enrolment that was there before is not ours to delete. */
  private void enrol(AgentId id, VerifierAgentAdd enrolment) {
    try {
      verifier.add(id, enrolment);
    } catch (TenantException e) {
      if (e.problem() == Problem.REFUSED) {
        throw e;
      }
      throw new TenantException(
          e.problem(),
          e.getMessage()
              + ". Whether the agent is enrolled now is not known: ask for its status, and delete"
              + " it before another try",
          e);
    }
  }

  private void give(AgentId id, UKey share) {
    try {
      agent.giveShare(id, share);
    } catch (TenantException e) {
      throw new TenantException(e.problem(), e.getMessage() + ". " + takeBack(id), e);
    }
  }

  private String takeBack(AgentId id) {
    try {
      verifier.delete(id, config.patience());
      return "The enrolment at the verifier was taken back";
    } catch (TenantException e) {
      return "The enrolment at the verifier could not be taken back: " + e.getMessage();
    }
  }

  /** Where the verifier is to reach the agent. */
  static ContactAddress contactOf(AddRequest request, ContactAddress contact) {
    return request
        .approach()
        .verifierHost()
        .map(host -> new ContactAddress(host, contact.port()))
        .orElse(contact);
  }

  private VerifierAgentAdd enrolment(
      AddRequest request,
      ProvenAgent proven,
      Policies policies,
      PreparedPayload payload,
      BootstrapKey.Shares shares) {
    return new VerifierAgentAdd(
        Optional.of(shares.v()),
        contactOf(request, proven.contact()),
        policies,
        payload.metadata().toString(),
        payload.revocationKey(),
        request.accept(),
        proven.ak().area(),
        Optional.of(proven.mtlsCert()),
        agent.version(),
        Optional.of(config.verifierAddress()));
  }
}
