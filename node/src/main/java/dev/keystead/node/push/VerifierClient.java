package dev.keystead.node.push;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.Endpoint;
import dev.keystead.http.HttpClient;
import dev.keystead.http.HttpFailure;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.push.ApiError;
import dev.keystead.keylime.push.AttestationReport;
import dev.keystead.keylime.push.CollectedEvidence;
import dev.keystead.keylime.push.EvidenceOffer;
import dev.keystead.keylime.push.EvidenceRequest;
import dev.keystead.keylime.push.JsonApi;
import dev.keystead.keylime.push.Possession;
import dev.keystead.keylime.push.SessionChallenge;
import dev.keystead.keylime.push.SessionOpening;
import dev.keystead.keylime.push.SessionProof;
import dev.keystead.keylime.push.SessionResult;
import dev.keystead.keylime.push.SessionToken;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** The requests of a push agent. Whatever is no reply to them is a {@link Refused}. */
final class VerifierClient {
  private static final int LONGEST_RETRY = 3600;
  private static final Limits REPLY = Limits.EVIDENCE.withBytes(64 << 20);

  private final HttpClient http;
  private final Endpoint verifier;
  private final AgentId id;
  private final Pattern location;

  VerifierClient(HttpClient http, Endpoint verifier, AgentId id) {
    this.http = http;
    this.verifier = verifier;
    this.id = id;
    this.location =
        Pattern.compile(
            "/v?3(\\.[0-9]+)?/agents/" + Pattern.quote(id.value()) + "/attestations/[0-9]{1,18}");
  }

  SessionChallenge open() throws Refused, HttpFailure, InterruptedException {
    HttpResponse reply =
        send(
            ClientRequest.of(
                "POST",
                "/v3.0/sessions",
                JsonApi.MEDIA_TYPE,
                new SessionOpening(id).toJson().toBytes()));
    SessionChallenge session = SessionChallenge.parse(body(reply, 200));
    if (!session.agent().equals(id)) {
      throw new Refused("the session is another agent's");
    }
    return session;
  }

  SessionResult prove(SessionChallenge session, Possession proof)
      throws Refused, HttpFailure, InterruptedException {
    HttpResponse reply =
        send(
            ClientRequest.of(
                "PATCH",
                "/v3.0/sessions/" + session.id(),
                JsonApi.MEDIA_TYPE,
                new SessionProof(session.id(), id, proof).toJson().toBytes()));
    return SessionResult.parse(body(reply, 200));
  }

  /**
   * What is asked for, and where it is to be sent.
   *
   * @param path where the reply's Location points to: an attestation of this agent
   */
  record Asked(String path, EvidenceRequest request) {}

  Asked offer(SessionToken token, EvidenceOffer offer)
      throws Refused, HttpFailure, InterruptedException {
    HttpResponse reply =
        send(
            authorized(
                ClientRequest.of(
                    "POST",
                    "/v3.0/agents/" + id + "/attestations",
                    JsonApi.MEDIA_TYPE,
                    offer.toJson().toBytes()),
                token));
    EvidenceRequest request = EvidenceRequest.parse(body(reply, 201));
    String path =
        reply
            .headers()
            .only("Location")
            .filter(value -> location.matcher(value).matches())
            .orElseThrow(() -> new Refused("the reply has no Location of an attestation of ours"));
    return new Asked(path, request);
  }

  /** Brings evidence; returns when more is wanted. */
  Duration bring(SessionToken token, Asked asked, CollectedEvidence evidence)
      throws Refused, HttpFailure, InterruptedException {
    HttpResponse reply =
        send(
            authorized(
                ClientRequest.of(
                    "PATCH", asked.path(), JsonApi.MEDIA_TYPE, evidence.toJson().toBytes()),
                token));
    return Duration.ofSeconds(AttestationReport.secondsToNext(body(reply, 202)));
  }

  private static ClientRequest authorized(ClientRequest request, SessionToken token) {
    return request.with("Authorization", "Bearer " + token.text());
  }

  private HttpResponse send(ClientRequest request) throws HttpFailure, InterruptedException {
    return http.exchange(verifier, request);
  }

  private static Json body(HttpResponse reply, int expected) throws Refused {
    if (reply.status() != expected) {
      throw new Refused(reply.status(), words(reply), after(reply));
    }
    return Message.parse(reply.body(), REPLY);
  }

  private static String words(HttpResponse reply) {
    String said = "the verifier answers " + reply.status();
    try {
      return said + ": " + ApiError.parse(Message.parse(reply.body(), Limits.WIRE)).detail();
    } catch (WireException e) {
      return said;
    }
  }

  private static Optional<Duration> after(HttpResponse reply) {
    return reply
        .headers()
        .only("Retry-After")
        .filter(value -> value.matches("[0-9]{1,9}"))
        .map(value -> Duration.ofSeconds(Math.clamp(Long.parseLong(value), 1, LONGEST_RETRY)));
  }
}
