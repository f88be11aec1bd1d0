package dev.keystead.control.push;

import dev.keystead.control.ledger.Refusals;
import dev.keystead.control.rest.Access;
import dev.keystead.control.rest.Call;
import dev.keystead.control.rest.Owners;
import dev.keystead.control.rest.Replies;
import dev.keystead.control.rest.Route;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.quote.PossessionVerifier;
import dev.keystead.http.HttpRefusal;
import dev.keystead.http.HttpRequest;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.push.AttestationReport;
import dev.keystead.keylime.push.AttestationReport.Verdict;
import dev.keystead.keylime.push.CollectedEvidence;
import dev.keystead.keylime.push.EvidenceOffer;
import dev.keystead.keylime.push.SessionChallenge;
import dev.keystead.keylime.push.SessionId;
import dev.keystead.keylime.push.SessionOpening;
import dev.keystead.keylime.push.SessionProof;
import dev.keystead.keylime.push.SessionResult;
import dev.keystead.keylime.push.SessionResult.Granted;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * What a verifier does for agents that come to it. An agent has no certificate: it proves that it
 * has its attestation key, and has a token from then on.
 */
public final class PushRoutes {
  private static final int MOST_NAMES = 1 << 16;

  private final Function<AgentId, Optional<PushNode>> nodes;
  private final Owners owners;
  private final Refusals refusals;
  private final Duration interval;
  private final PushLimits limits;
  private final InstantSource clock;
  private final Sessions sessions;
  private final RateLimit perAddress;
  private final RateLimit perAgent;
  private final Semaphore evaluations;

  /**
   * Routes for these nodes.
   *
   * @param nodes those that bring their evidence, by name
   * @param owners who may look at attestations beside the agent itself
   * @param interval from one attestation to the next
   */
  public PushRoutes(
      Function<AgentId, Optional<PushNode>> nodes,
      Owners owners,
      Refusals refusals,
      Duration interval,
      PushLimits limits,
      InstantSource clock) {
    this.nodes = nodes;
    this.owners = owners;
    this.refusals = refusals;
    this.interval = interval;
    this.limits = limits;
    this.clock = clock;
    sessions = new Sessions(limits, clock);
    perAddress = new RateLimit(limits.perAddress(), MOST_NAMES, clock);
    perAgent = new RateLimit(limits.perAgent(), MOST_NAMES, clock);
    evaluations = new Semaphore(limits.evaluations());
  }

  /** The table. */
  public List<Route> table() {
    return List.of(
        route("POST", "sessions", this::open),
        route("PATCH", "sessions/*", this::prove),
        route("POST", "agents/*/attestations", this::begin),
        route("PATCH", "agents/*/attestations/*", this::receive),
        route("GET", "agents/*/attestations", this::list),
        route("GET", "agents/*/attestations/*", this::get));
  }

  private static Route route(String method, String path, Route.Action action) {
    return Route.of(
            method,
            path,
            Access.ANYONE,
            call -> {
              try {
                return action.answer(call);
              } catch (Later e) {
                return Replies.error(call.version(), e.status(), e.reason())
                    .with("Retry-After", Long.toString(e.seconds()));
              }
            })
        .in(3);
  }

  /** Whether the token among these values of the header field is good: its bearer may send much. */
  public boolean knows(List<String> authorization) {
    try {
      var _ = sessions.authenticate(authorization);
      return true;
    } catch (HttpRefusal e) {
      return false;
    }
  }

  private HttpResponse open(Call call) {
    SessionOpening opening = SessionOpening.parse(call.json(Limits.WIRE));
    String address = call.request().peer().address().getAddress().getHostAddress();
    // By agent and address together, so that a stranger cannot use up what an agent may ask for.
    perAgent.take(address + " " + opening.agent(), "agent");
    perAddress.take(address, "address");
    return reply(200, sessions.open(opening.agent()).toJson());
  }

  private HttpResponse prove(Call call) {
    SessionId id = new SessionId(call.arguments().getFirst());
    SessionProof proof = SessionProof.parse(call.json(Limits.WIRE));
    SessionChallenge session =
        sessions
            .take(id)
            .orElseThrow(() -> new HttpRefusal(404, "no session of this id waits for a proof"));
    if (!proof.id().equals(id) || !proof.agent().equals(session.agent())) {
      throw HttpRefusal.malformed("this session was opened for another");
    }
    Instant now = clock.instant();
    Optional<Granted> granted = Optional.empty();
    Optional<PushNode> node = nodes.apply(session.agent());
    if (node.isPresent() && !now.isAfter(session.expires())) {
      requirePossession(node.get(), session, proof);
      granted = Optional.of(sessions.grant(id, node.get()));
    }
    return reply(200, new SessionResult(session, proof.proof(), now, granted).toJson());
  }

  private void requirePossession(PushNode node, SessionChallenge session, SessionProof proof) {
    try {
      new PossessionVerifier(node.key())
          .require(proof.proof().attest(), proof.proof().signature(), session.challenge().bytes());
    } catch (EvidenceException e) {
      refusals.record(Refusals.Kind.NO_POSSESSION, node.id().value(), e.finding().code().label());
      throw new HttpRefusal(401, "the proof of possession is not good");
    }
  }

  private HttpResponse begin(Call call) {
    PushNode node = agent(call);
    EvidenceOffer offer = EvidenceOffer.parse(call.json(Limits.WIRE));
    Attestations.Attestation begun =
        node.attestations().begin(node, offer, clock.instant(), interval, limits.evidence());
    return reply(201, begun.request.toJson()).with("Location", begun.request.self());
  }

  private HttpResponse receive(Call call) {
    PushNode node = agent(call);
    if (!evaluations.tryAcquire()) {
      throw Later.busy();
    }
    boolean judging = false;
    try {
      Attestations.Attestation attestation =
          node.attestations().claim(index(call.arguments().get(1)), clock.instant());
      CollectedEvidence evidence = read(call, node, attestation);
      AttestationReport report =
          node.attestations().received(attestation, evidence, clock.instant());
      var judged = node.judge(Question.evidence(node, attestation.request, evidence));
      judging = true;
      var _ =
          judged.whenComplete((verdict, failure) -> {
            evaluations.release();
            judged(node, attestation, failure == null ? verdict : new Verdict.Fail(true));
          });
      return reply(202, report.toJson(Math.max(1, interval.toSeconds())))
          .with("Location", report.request().self());
    } finally {
      if (!judging) {
        evaluations.release();
      }
    }
  }

  /** What comes with the token of a node and is no evidence is bad evidence. */
  private static CollectedEvidence read(
      Call call, PushNode node, Attestations.Attestation attestation) {
    try {
      return CollectedEvidence.parse(call.json(CollectedEvidence.LIMITS));
    } catch (WireException e) {
      node.attestations().unreadable(attestation);
      node.unreadable(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private void judged(PushNode node, Attestations.Attestation attestation, Verdict verdict) {
    node.attestations().judged(attestation, verdict);
    if (verdict instanceof Verdict.Pass) {
      sessions.extend(node);
    }
  }

  private HttpResponse list(Call call) {
    PushNode node = viewed(call);
    String path = PushPaths.attestations(node.id());
    List<Json> resources =
        node.attestations().all().stream()
            .map(attestation -> document(attestation, path).fields("").field("data").value())
            .toList();
    return reply(
        200,
        Json.object()
            .put("data", Json.array(resources))
            .put("links", Json.object().put("self", path))
            .put("jsonapi", Json.object().put("version", "1.1"))
            .build());
  }

  private HttpResponse get(Call call) {
    PushNode node = viewed(call);
    String which = call.arguments().get(1);
    String path = PushPaths.attestations(node.id()) + "/" + which;
    if (!which.equals("latest")) {
      return reply(200, document(node.attestations().find(index(which)), path));
    }
    Attestations.Attestation latest = node.attestations().latest();
    // Keylime's verifier answers 201 here, and its clients have seen nothing else.
    return reply(201, document(latest, path)).with("Location", latest.request.self());
  }

  private static Json.Obj document(Attestations.Attestation attestation, String path) {
    return attestation
        .report()
        .map(report -> report.toJson(path))
        .orElseGet(attestation.request::toJson);
  }

  private static long index(String segment) {
    if (!segment.matches("0|[1-9][0-9]{0,17}")) {
      throw new HttpRefusal(404, "there is no such attestation");
    }
    return Long.parseLong(segment);
  }

  private PushNode viewed(Call call) {
    if (!authorization(call.request()).isEmpty()) {
      return agent(call);
    }
    owners.require(call.request().peer());
    return nodes
        .apply(id(call))
        .orElseThrow(() -> new HttpRefusal(404, "no agent of this id brings its evidence here"));
  }

  /** The node that calls, by its token alone; the path must be its own. */
  private PushNode agent(Call call) {
    AgentId id = id(call);
    PushNode node;
    try {
      node = sessions.authenticate(authorization(call.request()));
    } catch (HttpRefusal e) {
      refusals.record(Refusals.Kind.UNAUTHORISED, "", "an agent's route without its token");
      throw e;
    }
    if (!node.id().equals(id)) {
      refusals.record(Refusals.Kind.TAKEOVER, id.value(), "another agent's token");
      throw new HttpRefusal(403, "this token is another agent's");
    }
    if (!nodes.apply(id).equals(Optional.of(node))) {
      throw new HttpRefusal(401, "Invalid authentication token");
    }
    return node;
  }

  private static List<String> authorization(HttpRequest request) {
    return request.headers().all("Authorization");
  }

  private AgentId id(Call call) {
    try {
      return AgentId.of(call.arguments().getFirst());
    } catch (WireException e) {
      refusals.record(Refusals.Kind.BAD_ID, "", "an id outside the alphabet");
      throw e;
    }
  }

  private static HttpResponse reply(int status, Json.Obj body) {
    return HttpResponse.of(status, "application/json", body.toBytes());
  }
}
