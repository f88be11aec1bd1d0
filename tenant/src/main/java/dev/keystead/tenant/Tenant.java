package dev.keystead.tenant;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.http.Endpoint;
import dev.keystead.http.HttpClient;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.http.tls.TrustedCertificates;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.Nonce;
import dev.keystead.keylime.registration.AgentRecord;
import dev.keystead.keylime.verifier.Policies;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import dev.keystead.tenant.Progress.Stage;
import dev.keystead.tenant.TenantException.Problem;
import dev.keystead.tpm.structure.HashAlg;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * The owner's operations. Each either does what its name says or throws a {@link TenantException}
 * that says what stands and what does not. Blocking; for use by many threads.
 */
public final class Tenant {
  private final TenantConfig config;
  private final HttpClient client;
  private final SecureRandom random;
  private final InstantSource clock;

  /** Talks through {@code client}, which stays the caller's. */
  public Tenant(TenantConfig config, HttpClient client, SecureRandom random, InstantSource clock) {
    this.config = config;
    this.client = client;
    this.random = random;
    this.clock = clock;
  }

  /**
   * Enrols an agent: proves its identity, gives the verifier policies and share V, and the agent
   * share U and the payload.
   *
   * <p>The verifier comes before the agent's share. It is the one that may say no (a policy that it
   * cannot use, an agent that it has already), and nothing has reached the machine then; and its
   * first attestation runs while the share is under way. If the share cannot be given, the
   * enrolment is taken back. Agents bear either order.
   */
  public Enrolled add(AddRequest request, Progress progress) {
    if (request.approach().push()) {
      return addPush(request, progress);
    }
    Stopwatch watch = new Stopwatch(progress);
    Policies policies = request.policies().read();
    try (PreparedPayload payload = PreparedPayload.of(request.payload(), request.id(), clock)) {
      watch.done(
          Stage.PREPARED,
          "asks for PCRs %s, sends %s".formatted(policies.tpm().mask(), payload.words()));
      return add(request, policies, payload, watch);
    }
  }

  private Enrolled add(
      AddRequest request, Policies policies, PreparedPayload payload, Stopwatch watch) {
    AgentId id = request.id();
    AgentRecord record = registrar().require(id);
    ContactAddress contact = contact(record, request.approach());
    MtlsCert.Certificate certificate = certificate(record);
    watch.done(Stage.LOOKED_UP, "agent %s at %s".formatted(id, contact));

    Agent agent = new Agent(agent(id, contact, certificate), request.approach().version());
    watch.done(Stage.VERSION_AGREED, "version " + agent.version());

    ProvenAgent proven = prove(request, record, contact, certificate, agent);
    watch.done(Stage.IDENTITY_PROVEN, "attestation key " + proven.ak().name());

    String endorsement = endorsement(request, record, proven.ak());
    watch.done(Stage.ENDORSEMENT_ACCEPTED, endorsement);

    Bootstrap bootstrap = new Bootstrap(verifier(), agent, config, random, watch);
    boolean keyProven = bootstrap.run(request, proven, policies, payload);
    return new Enrolled(
        id,
        contact,
        agent.version(),
        proven.ak().name(),
        endorsement,
        record.registrations(),
        policies.tpm().mask(),
        keyProven,
        watch.total());
  }

  private static ContactAddress contact(AgentRecord record, Approach approach) {
    Optional<String> host = approach.host().or(() -> record.contact().map(ContactAddress::host));
    OptionalInt port = approach.port();
    if (port.isEmpty() && record.contact().isPresent()) {
      port = OptionalInt.of(record.contact().get().port());
    }
    if (host.isEmpty() || port.isEmpty()) {
      throw noAddress(record.agentId());
    }
    return new ContactAddress(host.get(), port.getAsInt());
  }

  private ProvenAgent prove(
      AddRequest request,
      AgentRecord record,
      ContactAddress contact,
      MtlsCert.Certificate certificate,
      Agent agent) {
    Nonce nonce = Nonce.generate(random);
    try {
      return ProvenAgent.of(
          record, contact, certificate, nonce, agent.identity(nonce), request.accept());
    } catch (EvidenceException e) {
      throw TenantException.notTrusted(
          "agent " + request.id() + " did not prove its identity",
          e,
          e.finding().code() == Finding.Code.CLOCK_REFUSED
              ? "Its TPM lost power lately; try again in a few seconds"
              : "Nothing was sent to it");
    }
  }

  /**
   * Enrols an agent of the push model, which is never spoken to: its attestation key is the one
   * that proved to the registrar to be in the TPM of its endorsement key. It gets neither a share
   * nor a payload; of a certificate package the key that signs revocations about it is used.
   */
  public Enrolled addPush(AddRequest request, Progress progress) {
    Stopwatch watch = new Stopwatch(progress);
    if (request.payload() instanceof PayloadSource.SingleFile
        || request.payload() instanceof PayloadSource.Encrypted) {
      throw new TenantException(
          Problem.BAD_INPUT, "an agent in the push model takes no payload. Leave it out");
    }
    try (PreparedPayload payload = PreparedPayload.of(request.payload(), request.id(), clock)) {
      return addPush(request, payload, watch);
    }
  }

  private Enrolled addPush(AddRequest request, PreparedPayload payload, Stopwatch watch) {
    AgentId id = request.id();
    Policies policies = request.policies().read();
    watch.done(Stage.PREPARED, "asks for PCRs %s".formatted(policies.tpm().mask()));
    AgentRecord record = registrar().require(id);
    ContactAddress contact = contact(record, request.approach());
    watch.done(Stage.LOOKED_UP, "agent " + id);
    AttestationKey ak = attestationKey(record);
    String endorsement = endorsement(request, record, ak);
    watch.done(Stage.ENDORSEMENT_ACCEPTED, endorsement);
    verifier()
        .add(
            id,
            new VerifierAgentAdd(
                Optional.empty(),
                contact,
                policies,
                payload.metadata().toString(),
                payload.revocationKey(),
                request.accept(),
                ak.area(),
                Optional.of(new MtlsCert.Disabled()),
                ApiVersion.CURRENT,
                Optional.of(config.verifierAddress())));
    watch.done(Stage.ENROLLED, "verifier " + config.verifier());
    return new Enrolled(
        id,
        contact,
        ApiVersion.CURRENT,
        ak.name(),
        endorsement,
        record.registrations(),
        policies.tpm().mask(),
        false,
        watch.total());
  }

  private static AttestationKey attestationKey(AgentRecord record) {
    try {
      return AttestationKey.of(record.ak());
    } catch (EvidenceException e) {
      throw TenantException.notTrusted(
          "agent " + record.agentId() + " has a key that cannot attest", e, "Nothing was enrolled");
    }
  }

  private String endorsement(AddRequest request, AgentRecord record, AttestationKey ak) {
    try {
      return new EndorsementCheck(clock).require(request.endorsement(), record, ak);
    } catch (EvidenceException e) {
      throw TenantException.notTrusted(
          "agent " + request.id() + " has no TPM of a maker that you trust",
          e,
          "Add the maker's roots to those that you trust, or accept an unendorsed TPM in words");
    }
  }

  private static MtlsCert.Certificate certificate(AgentRecord record) {
    if (record.mtlsCert().orElse(null) instanceof MtlsCert.Certificate certificate) {
      return certificate;
    }
    throw new TenantException(
        Problem.NOT_TRUSTED,
        "agent %s registered without a TLS certificate, so nobody could know who gets its share. Switch mutual TLS on in the agent"
            .formatted(record.agentId()));
  }

  private static TenantException noAddress(AgentId id) {
    return new TenantException(
        Problem.BAD_REPLY,
        "agent %s registered without an address. Set its contact address".formatted(id));
  }

  /**
   * Enrols an agent anew that is enrolled: with other policies, or another payload. What it is to
   * be judged by is read and judged usable before the old enrolment ends.
   */
  public Enrolled update(AddRequest request, Progress progress) {
    var _ = request.policies().read();
    PreparedPayload.of(request.payload(), request.id(), clock).close();
    AgentRecord known = registrar().require(request.id());
    if (verifier().delete(known.agentId(), config.patience()) == Removal.WAS_UNKNOWN) {
      throw verifier().unknown(request.id());
    }
    return add(request, progress);
  }

  /** The policies that the verifier keeps under names. */
  public NamedPolicies policies() {
    return new NamedPolicies(new Correspondent(client, config.verifier(), "the verifier"));
  }

  /**
   * The measurement list of a registered agent, as far as a fresh quote covers it: for a dry run of
   * a policy. It changes nothing at the verifier.
   *
   * @param templateHash the algorithm of the list's template hashes
   * @throws EvidenceException when the evidence is not good
   */
  public byte[] provenList(AgentId id, HashAlg templateHash) {
    AgentRecord record = registrar().require(id);
    ContactAddress contact = contact(record, Approach.REGISTERED);
    Agent agent = new Agent(agent(id, contact, certificate(record)), Optional.empty());
    Nonce nonce = Nonce.generate(random);
    return ProvenList.of(record, nonce, agent.measurements(nonce), templateHash);
  }

  /** Stops watching an agent, which stays enrolled. */
  public VerifierAgentStatus stop(AgentId id) {
    Verifier verifier = verifier();
    verifier.stop(id);
    return verifier.find(id).orElseThrow(() -> verifier.unknown(id));
  }

  /** How all agents stand that the verifier watches; of one verifier if its id is given. */
  public SortedMap<AgentId, VerifierAgentStatus> attested(Optional<String> verifierId) {
    return verifier().all(verifierId);
  }

  /** The ids of all active agents that the registrar knows. */
  public List<AgentId> registered() {
    return registrar().list();
  }

  /** Forgets an agent at the registrar alone. */
  public Deleted forget(AgentId id) {
    Removal registered = registrar().delete(id);
    if (registered == Removal.WAS_UNKNOWN) {
      throw new TenantException(
          Problem.UNKNOWN_AGENT,
          "the registrar at %s does not know agent %s".formatted(config.registrar(), id));
    }
    return new Deleted(id, Removal.NOT_ASKED, registered);
  }

  /** How an agent stands with registrar and verifier; unknown at both is an error. */
  public NodeStatus status(AgentId id) {
    NodeStatus status = new NodeStatus(id, registrar().find(id), verifier().find(id));
    if (status.registered().isEmpty() && status.attested().isEmpty()) {
      throw new TenantException(
          Problem.UNKNOWN_AGENT,
          "neither the registrar at %s nor the verifier at %s knows agent %s"
              .formatted(config.registrar(), config.verifier(), id));
    }
    return status;
  }

  /** How all agents stand that registrar or verifier know, by id. */
  public List<NodeStatus> list() {
    Registrar registrar = registrar();
    Verifier verifier = verifier();
    TreeSet<AgentId> ids = new TreeSet<>(registrar.list());
    ids.addAll(verifier.list());
    List<NodeStatus> all = new ArrayList<>();
    for (AgentId id : ids) {
      all.add(new NodeStatus(id, registrar.find(id), verifier.find(id)));
    }
    return all;
  }

  /**
   * Stops watching an agent and forgets it at the verifier, and at the registrar as well when asked
   * to; unknown wherever it was to be forgotten is an error.
   */
  public Deleted delete(AgentId id, boolean atRegistrarToo) {
    Removal watched = verifier().delete(id, config.patience());
    Removal registered = atRegistrarToo ? registrar().delete(id) : Removal.NOT_ASKED;
    if (watched == Removal.WAS_UNKNOWN && registered != Removal.REMOVED) {
      throw new TenantException(
          Problem.UNKNOWN_AGENT,
          "there was no agent %s to delete%s"
              .formatted(id, atRegistrarToo ? " at verifier or registrar" : " at the verifier"));
    }
    return new Deleted(id, watched, registered);
  }

  /** Has an agent watched again that was stopped or failed. */
  public VerifierAgentStatus reactivate(AgentId id) {
    Verifier verifier = verifier();
    verifier.reactivate(id);
    return verifier.find(id).orElseThrow(() -> verifier.unknown(id));
  }

  private Registrar registrar() {
    return new Registrar(new Correspondent(client, config.registrar(), "the registrar"));
  }

  private Verifier verifier() {
    return new Verifier(new Correspondent(client, config.verifier(), "the verifier"));
  }

  private Correspondent agent(
      AgentId id, ContactAddress contact, MtlsCert.Certificate certificate) {
    ClientTls tls =
        ClientTls.mutual(
            config.identity(), TrustedCertificates.pinned(certificate.certificate()).at(clock));
    return new Correspondent(
        client, Endpoint.tls(contact.host(), contact.port(), tls), "agent " + id);
  }
}
