package dev.keystead.control.verifier;

import dev.keystead.control.rest.Access;
import dev.keystead.control.rest.Call;
import dev.keystead.control.rest.Replies;
import dev.keystead.control.rest.Route;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.json.Json;
import dev.keystead.http.HttpRefusal;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.quote.QuoteString;
import dev.keystead.keylime.revocation.KeylimeEvent;
import dev.keystead.keylime.verifier.EvidenceToVerify;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Verification on demand, which anybody may ask for (section 7 of the wire). Only so many are
 * judged at a time, so that strangers do not take the processors from the watch.
 */
final class VerificationRoutes {
  /** Largest body that is taken from anybody; an owner's may be as large as a policy. */
  static final int MAX_BODY = 256 << 10;

  /** The path of evidence below the version. */
  static final List<String> EVIDENCE = List.of("verify", "evidence");

  private final Watch watch;
  private final InstantSource clock;
  private final Semaphore atATime =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

  VerificationRoutes(Watch watch, InstantSource clock) {
    this.watch = watch;
    this.clock = clock;
  }

  List<Route> table() {
    return List.of(
        Route.of("GET", "verify/identity", Access.ANYONE, this::identity),
        Route.of("POST", "verify/evidence", Access.ANYONE, this::evidence));
  }

  private HttpResponse identity(Call call) {
    AgentId id = AgentId.of(parameter(call, "agent_uuid"));
    String nonce = parameter(call, "nonce");
    HashAlg hash =
        HashAlg.named(parameter(call, "hash_alg"))
            .orElseThrow(() -> WireException.malformed("hash_alg", "is none of Keylime's"));
    var quote = QuoteString.parse(parameter(call, "quote"));
    Node node = watch.find(id).orElseThrow(() -> new HttpRefusal(404, "agent id not found"));
    return node.state
        .payloadKey()
        .map(key ->
            limited(() ->
                OneShot.identity(
                    node.enrolment,
                    key,
                    quote,
                    nonce.getBytes(StandardCharsets.UTF_8),
                    hash,
                    clock.instant())))
        .map(findings -> findings.isEmpty() ? valid() : invalid(words(findings.getFirst())))
        .map(Replies::success)
        .orElseGet(() -> Replies.success(invalid("the agent has not attested yet")));
  }

  private static String parameter(Call call, String name) {
    return call.request()
        .target()
        .parameter(name)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() -> WireException.malformed(name, "missing"));
  }

  private HttpResponse evidence(Call call) {
    EvidenceToVerify sent =
        EvidenceToVerify.parse(Message.parse(call.request().body(), EvidenceToVerify.LIMITS));
    List<Finding> findings = limited(() -> OneShot.judge(sent, clock.instant()));
    return Replies.success(
        Json.object()
            .put("valid", findings.isEmpty() ? 1 : 0)
            .put("claims", Json.object())
            .put(
                "failures", Json.array(findings.stream().map(VerificationRoutes::failure).toList()))
            .build());
  }

  private static Json failure(Finding finding) {
    return Json.object()
        .put("type", KeylimeEvent.of(finding).id())
        .put("context", Json.object().put("message", words(finding)))
        .build();
  }

  private List<Finding> limited(Supplier<List<Finding>> judging) {
    if (!atATime.tryAcquire()) {
      throw new HttpRefusal(503, "enough is being verified already: try again");
    }
    try {
      return judging.get();
    } finally {
      atATime.release();
    }
  }

  private static String words(Finding finding) {
    return finding.where() + ": " + finding.detail();
  }

  private static Json.Obj valid() {
    return Json.object().put("valid", 1).build();
  }

  private static Json.Obj invalid(String reason) {
    return Json.object().put("valid", 0).put("reason", reason).build();
  }
}
