package dev.keystead.control.verifier;

import dev.keystead.control.ledger.Refusals;
import dev.keystead.control.rest.Access;
import dev.keystead.control.rest.Call;
import dev.keystead.control.rest.Owners;
import dev.keystead.control.rest.Replies;
import dev.keystead.control.rest.Route;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.http.BodyLimit;
import dev.keystead.http.HttpRefusal;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.Peer;
import dev.keystead.http.Target;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.AgentList;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What a verifier does for its owner (section 7 of the wire). */
final class VerifierRoutes {
  private static final int SHORT_BODY = 64 << 10;

  private final Enrolments enrolments;
  private final Refusals refusals;

  VerifierRoutes(Enrolments enrolments, Refusals refusals) {
    this.enrolments = enrolments;
    this.refusals = refusals;
  }

  /**
   * Policies and whole lists are large, and taken from owners only: whoever else connects could
   * fill the memory with them.
   */
  static BodyLimit bodyLimit(Owners owners) {
    return new BodyLimit() {
      @Override
      public int maxBytes(String method, Target target) {
        List<String> path = target.segments();
        boolean evidence =
            path.size() == 3 && path.subList(1, 3).equals(VerificationRoutes.EVIDENCE);
        return evidence ? VerificationRoutes.MAX_BODY : SHORT_BODY;
      }

      @Override
      public int maxBytes(String method, Target target, Peer peer) {
        boolean large = method.equals("POST") || method.equals("PUT");
        return large && owners.include(peer)
            ? VerifierAgentAdd.LIMITS.bytes()
            : maxBytes(method, target);
      }
    };
  }

  List<Route> table() {
    return List.of(
        Route.of("GET", "agents", Access.OWNER, this::list).in(2, 3),
        Route.of("GET", "agents/*", Access.OWNER, this::get).in(2, 3),
        Route.of("POST", "agents/*", Access.OWNER, this::enrol),
        Route.of("DELETE", "agents/*", Access.OWNER, this::remove).in(2, 3),
        Route.of("PUT", "agents/*/reactivate", Access.OWNER, this::reactivate),
        Route.of("PUT", "agents/*/stop", Access.OWNER, this::stop));
  }

  private HttpResponse list(Call call) {
    // Keylime's tenant sends the parameter empty when it means every verifier.
    Optional<String> verifier =
        call.request().target().parameter("verifier").filter(id -> !id.isEmpty());
    List<AgentId> ids =
        verifier.isPresent() && !verifier.get().equals(enrolments.verifierId())
            ? List.of()
            : enrolments.ids().stream().sorted(Comparator.naturalOrder()).toList();
    if (call.request().target().parameter("bulk").filter("True"::equals).isPresent()) {
      JsonObjectBuilder all = Json.object();
      ids.forEach(
          id -> enrolments.status(id).ifPresent(status -> all.put(id.value(), status.toJson())));
      return Replies.success(all.build());
    }
    return Replies.success(new AgentList(ids).toVerifierJson());
  }

  private HttpResponse get(Call call) {
    return Replies.success(
        enrolments.status(id(call)).orElseThrow(VerifierRoutes::unknown).toJson());
  }

  private HttpResponse enrol(Call call) {
    AgentId id = id(call);
    VerifierAgentAdd add = VerifierAgentAdd.parse(call.json(VerifierAgentAdd.LIMITS));
    if (!enrolments.enrol(id, add)) {
      throw new HttpRefusal(409, "an agent of this id is enrolled already");
    }
    return Replies.success();
  }

  private HttpResponse remove(Call call) {
    return done(enrolments.remove(id(call)));
  }

  private HttpResponse reactivate(Call call) {
    return done(enrolments.reactivate(id(call)));
  }

  private HttpResponse stop(Call call) {
    return done(enrolments.stop(id(call)));
  }

  private static HttpResponse done(boolean known) {
    if (!known) {
      throw unknown();
    }
    return Replies.success();
  }

  private static HttpRefusal unknown() {
    return new HttpRefusal(404, "agent id not found");
  }

  private AgentId id(Call call) {
    try {
      return AgentId.of(call.arguments().getFirst());
    } catch (WireException e) {
      refusals.record(Refusals.Kind.BAD_ID, "", "an id outside the alphabet");
      throw e;
    }
  }
}
