package dev.keystead.control.registrar;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ledger.Refusals;
import dev.keystead.control.registrar.Registrations.Active;
import dev.keystead.control.rest.Access;
import dev.keystead.control.rest.Call;
import dev.keystead.control.rest.Replies;
import dev.keystead.control.rest.Route;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.HttpRefusal;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.AgentList;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.bootstrap.AuthTag;
import dev.keystead.keylime.registration.Activation;
import dev.keystead.keylime.registration.AgentRecord;
import dev.keystead.keylime.registration.ChallengeBlob;
import dev.keystead.keylime.registration.EkCert;
import dev.keystead.keylime.registration.Registration;
import dev.keystead.keylime.registration.RegistrationReply;
import dev.keystead.tpm.structure.TpmPublic;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a registrar does for whom (section 3 of the wire). */
final class RegistrarRoutes {
  /** Largest body of a request. */
  static final int MAX_BODY = 96 * 1024;

  private static final Limits LIMITS = new Limits(MAX_BODY, 8, 256, MAX_BODY, 32);

  private final Proposals proposals;
  private final Registrations registrations;
  private final Admission admission;
  private final Refusals refusals;
  private final InstantSource clock;
  private final Consumer<ControlEvent> events;

  RegistrarRoutes(
      Proposals proposals,
      Registrations registrations,
      Admission admission,
      Refusals refusals,
      InstantSource clock,
      Consumer<ControlEvent> events) {
    this.proposals = proposals;
    this.registrations = registrations;
    this.admission = admission;
    this.refusals = refusals;
    this.clock = clock;
    this.events = events;
  }

  List<Route> table() {
    return List.of(
        Route.of("POST", "agents", Access.ANYONE, this::register).in(2, 3),
        Route.of("GET", "agents", Access.OWNER, this::list).in(2, 3),
        Route.of("POST", "agents/*", Access.ANYONE, this::register),
        Route.of("PUT", "agents/*", Access.ANYONE, this::activate),
        Route.of("GET", "agents/*", Access.OWNER, this::get).in(2, 3),
        Route.of("DELETE", "agents/*", Access.OWNER, this::delete).in(2, 3),
        Route.of("PUT", "agents/*/activate", Access.ANYONE, this::activate),
        Route.of("POST", "agents/*/activate", Access.ANYONE, this::activate).in(2, 3));
  }

  private HttpResponse register(Call call) {
    Optional<AgentId> inPath = call.arguments().stream().findFirst().map(this::agentId);
    Registration registration = registration(call);
    AgentId id =
        inPath
            .or(registration::agentId)
            .orElseThrow(() -> HttpRefusal.malformed("agent_id: missing"));
    if (registration.agentId().isPresent() && !registration.agentId().get().equals(id)) {
      throw HttpRefusal.malformed("agent_id: is not the id of the path");
    }
    Identity identity = identity(id, registration);
    Candidate candidate =
        new Candidate(
            id,
            identity.keys(),
            registration.contact(),
            registration.mtlsCert().map(MtlsCert::text));
    requireFree(candidate);
    ChallengeBlob blob = proposals.open(candidate, identity::protect);
    return Replies.success(new RegistrationReply(blob).toJson());
  }

  private Registration registration(Call call) {
    return Registration.parse(call.json(LIMITS));
  }

  private Identity identity(AgentId id, Registration registration) {
    try {
      return Identity.of(id, registration, admission, clock.instant());
    } catch (EvidenceException e) {
      refusals.record(Refusals.Kind.UNFIT_KEY, id.value(), e.finding().code().label());
      throw HttpRefusal.malformed(e.finding().where() + ": " + e.finding().detail());
    }
  }

  private void requireFree(Candidate candidate) {
    try {
      registrations.requireFree(candidate);
    } catch (HttpRefusal e) {
      refusals.record(Refusals.Kind.TAKEOVER, candidate.id().value(), e.reason());
      throw e;
    }
  }

  private HttpResponse activate(Call call) {
    AgentId id = agentId(call.arguments().getFirst());
    AuthTag tag = Activation.parse(call.json(LIMITS)).authTag();
    Candidate candidate =
        proposals
            .take(id, tag)
            .orElseThrow(() -> {
              refusals.record(Refusals.Kind.WRONG_TAG, id.value(), "no open challenge fits");
              return HttpRefusal.malformed("auth_tag: fits no open challenge of this id");
            });
    try {
      registrations.activate(candidate);
    } catch (HttpRefusal e) {
      refusals.record(Refusals.Kind.TAKEOVER, id.value(), e.reason());
      throw e;
    }
    events.accept(new ControlEvent.Activated(clock.instant(), id));
    return Replies.success();
  }

  private HttpResponse list(Call call) {
    return Replies.success(new AgentList(registrations.list()).toRegistrarJson());
  }

  private HttpResponse get(Call call) {
    AgentId id = agentId(call.arguments().getFirst());
    return Replies.success(registrations.find(id).map(this::record).orElseThrow(this::unknown));
  }

  private Json.Obj record(Active active) {
    Candidate agent = active.agent();
    return new AgentRecord(
            agent.id(),
            Optional.of(TpmPublic.parseSized(agent.keys().ek())),
            agent.keys().ekCert().map(der -> new EkCert(der, List.of())),
            TpmPublic.parseSized(agent.keys().ak()),
            agent.mtlsCert().map(MtlsCert::parse),
            agent.contact(),
            active.count())
        .toJson();
  }

  private HttpResponse delete(Call call) {
    AgentId id = agentId(call.arguments().getFirst());
    if (!registrations.delete(id)) {
      throw unknown();
    }
    events.accept(new ControlEvent.RegistrationDeleted(clock.instant(), id));
    return Replies.success();
  }

  private HttpRefusal unknown() {
    return new HttpRefusal(404, "no agent of this id is active");
  }

  private AgentId agentId(String segment) {
    try {
      return AgentId.of(segment);
    } catch (WireException e) {
      refusals.record(Refusals.Kind.BAD_ID, "", "an id outside the alphabet");
      throw e;
    }
  }
}
