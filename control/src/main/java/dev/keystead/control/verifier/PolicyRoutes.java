package dev.keystead.control.verifier;

import dev.keystead.control.rest.Access;
import dev.keystead.control.rest.Call;
import dev.keystead.control.rest.Replies;
import dev.keystead.control.rest.Route;
import dev.keystead.control.verifier.NamedPolicy.Kind;
import dev.keystead.evidence.json.Json;
import dev.keystead.http.HttpRefusal;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.verifier.Policies;
import dev.keystead.keylime.verifier.PolicyBody;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Named policies: allowlists and mbpolicies (section 7 of the wire). */
final class PolicyRoutes {
  private final Enrolments enrolments;

  PolicyRoutes(Enrolments enrolments) {
    this.enrolments = enrolments;
  }

  List<Route> table() {
    return List.of(
        Route.of("GET", "allowlists", Access.OWNER, _ -> list(Kind.RUNTIME, "runtimepolicy names")),
        Route.of("GET", "allowlists/*", Access.OWNER, this::runtime),
        Route.of("POST", "allowlists/*", Access.OWNER, call -> add(runtimeBody(call))),
        Route.of("PUT", "allowlists/*", Access.OWNER, call -> change(runtimeBody(call))),
        Route.of("DELETE", "allowlists/*", Access.OWNER, call -> delete(Kind.RUNTIME, call)),
        Route.of("GET", "mbpolicies", Access.OWNER, _ -> list(Kind.BOOT, "mbpolicy names")),
        Route.of("GET", "mbpolicies/*", Access.OWNER, this::boot),
        Route.of("POST", "mbpolicies/*", Access.OWNER, call -> add(bootBody(call))),
        Route.of("PUT", "mbpolicies/*", Access.OWNER, call -> change(bootBody(call))),
        Route.of("DELETE", "mbpolicies/*", Access.OWNER, call -> delete(Kind.BOOT, call)));
  }

  private static String name(Call call) {
    String name = call.arguments().getFirst();
    Policies.requireName(name, "name");
    return name;
  }

  private HttpResponse list(Kind kind, String field) {
    return Replies.success(
        Json.object().put(field, Json.strings(enrolments.policyNames(kind))).build());
  }

  private NamedPolicy find(Kind kind, Call call) {
    return enrolments.policy(kind, name(call)).orElseThrow(PolicyRoutes::unknown);
  }

  /** The field tmp_policy is Keylime's own spelling. */
  private HttpResponse runtime(Call call) {
    NamedPolicy policy = find(Kind.RUNTIME, call);
    return Replies.success(
        Json.object()
            .put("name", policy.name())
            .putNull("tmp_policy")
            .put("runtime_policy", utf8(Criteria.unsigned(policy.body(), policy.signer())))
            .build());
  }

  private HttpResponse boot(Call call) {
    NamedPolicy policy = find(Kind.BOOT, call);
    return Replies.success(
        Json.object().put("name", policy.name()).put("mb_policy", utf8(policy.body())).build());
  }

  private NamedPolicy runtimeBody(Call call) {
    String name = name(call);
    PolicyBody.ForFiles body = PolicyBody.ForFiles.parse(call.json(VerifierAgentAdd.LIMITS));
    return new NamedPolicy(Kind.RUNTIME, name, body.policy(), body.signer());
  }

  private NamedPolicy bootBody(Call call) {
    String name = name(call);
    PolicyBody.ForBoot body = PolicyBody.ForBoot.parse(call.json(VerifierAgentAdd.LIMITS));
    return new NamedPolicy(
        Kind.BOOT, name, body.policy().getBytes(StandardCharsets.UTF_8), Optional.empty());
  }

  private HttpResponse add(NamedPolicy policy) {
    if (!enrolments.addPolicy(policy)) {
      throw new HttpRefusal(409, "a policy of this name is kept already");
    }
    return Replies.created();
  }

  private HttpResponse change(NamedPolicy policy) {
    if (!enrolments.changePolicy(policy)) {
      throw unknown();
    }
    return Replies.created();
  }

  private HttpResponse delete(Kind kind, Call call) {
    if (!enrolments.deletePolicy(kind, name(call))) {
      throw unknown();
    }
    return Replies.noContent();
  }

  private static HttpRefusal unknown() {
    return new HttpRefusal(404, "no policy of this name is kept");
  }

  private static String utf8(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
