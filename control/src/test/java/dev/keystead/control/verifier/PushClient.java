package dev.keystead.control.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ControlIdentity;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.Endpoint;
import dev.keystead.http.HttpClient;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.push.CertificationKey;
import dev.keystead.keylime.push.Challenge;
import dev.keystead.keylime.push.CollectedEvidence;
import dev.keystead.keylime.push.EvidenceItems;
import dev.keystead.keylime.push.EvidenceOffer;
import dev.keystead.keylime.push.EvidenceRequest;
import dev.keystead.keylime.push.ImaEntries;
import dev.keystead.keylime.push.JsonApi;
import dev.keystead.keylime.push.LogCapabilities;
import dev.keystead.keylime.push.PcrBanks;
import dev.keystead.keylime.push.Possession;
import dev.keystead.keylime.push.QuoteCapabilities;
import dev.keystead.keylime.push.SessionChallenge;
import dev.keystead.keylime.push.SessionOpening;
import dev.keystead.keylime.push.SessionProof;
import dev.keystead.keylime.push.SessionResult;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.command.Attestation;
import dev.keystead.tpm.command.Certify;
import dev.keystead.tpm.structure.SignatureScheme;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A node that brings its evidence, step by step as a test wants it, from a real TPM. */
final class PushClient {
  static final Instant BOOT = Instant.parse("2026-11-22T02:44:56Z");

  final TestAgent agent;
  private final HttpClient client;
  private final Endpoint verifier;
  private String token = "";

  PushClient(TestAgent agent, HttpClient client, ControlIdentity identity, int port) {
    this.agent = agent;
    this.client = client;
    this.verifier = Endpoint.tls("127.0.0.1", port, ClientTls.anonymous(identity.trust()));
  }

  String token() {
    return token;
  }

  PushClient with(String other) {
    token = other;
    return this;
  }

  HttpResponse send(String method, String path, Optional<Json.Obj> body) throws Exception {
    ClientRequest request =
        ClientRequest.of(
            method, path, JsonApi.MEDIA_TYPE, body.map(Json.Obj::toBytes).orElse(new byte[0]));
    return client.exchange(
        verifier, token.isEmpty() ? request : request.with("Authorization", "Bearer " + token));
  }

  static Json json(HttpResponse response) {
    return Json.parse(response.body(), Limits.WIRE);
  }

  SessionChallenge open(AgentId id) throws Exception {
    HttpResponse opened =
        send("POST", "/v3.0/sessions", Optional.of(new SessionOpening(id).toJson()));
    assertThat(opened.status()).isEqualTo(200);
    return SessionChallenge.parse(json(opened));
  }

  /** TPM2_Certify of the attestation key by itself. */
  Possession certify(Challenge challenge) throws TpmException {
    var ak = agent.tpm.ak().handle().withEmptyAuth();
    Attestation proof =
        agent.tpm.tpm().execute(new Certify(ak, ak, challenge.bytes(), SignatureScheme.OF_KEY));
    return new Possession(proof.attest(), proof.signature());
  }

  HttpResponse prove(SessionChallenge session, Possession proof) throws Exception {
    return send(
        "PATCH",
        "/v3.0/sessions/" + session.id(),
        Optional.of(new SessionProof(session.id(), session.agent(), proof).toJson()));
  }

  /** Opens a session and keeps its token. */
  PushClient enter() throws Exception {
    SessionChallenge session = open(agent.id);
    HttpResponse proved = prove(session, certify(session.challenge()));
    assertThat(proved.status()).isEqualTo(200);
    token = SessionResult.parse(json(proved)).granted().orElseThrow().token().text();
    return this;
  }

  EvidenceOffer offer() {
    TreeMap<String, Optional<PcrMask>> banks = new TreeMap<>();
    banks.put("sha1", Optional.of(new PcrMask(0xffffff)));
    banks.put("sha256", Optional.of(new PcrMask(0xffffff)));
    return new EvidenceOffer(
        new EvidenceItems<>(
            new QuoteCapabilities(
                "2.0",
                List.of("sha1", "sha256"),
                List.of("ecdsa", "rsassa"),
                new PcrBanks(banks),
                List.of(CertificationKey.of(agent.tpm.ak().area()))),
            Optional.of(LogCapabilities.uefi(0)),
            Optional.of(LogCapabilities.ima(agent.measurements()))),
        Optional.of(BOOT));
  }

  String attestations() {
    return "/v3.0/agents/" + agent.id + "/attestations";
  }

  HttpResponse begin() throws Exception {
    return send("POST", attestations(), Optional.of(offer().toJson()));
  }

  EvidenceRequest asked() throws Exception {
    HttpResponse begun = begin();
    assertThat(begun.status()).isEqualTo(201);
    EvidenceRequest asked = EvidenceRequest.parse(json(begun));
    assertThat(begun.headers().only("Location")).contains(asked.self());
    return asked;
  }

  CollectedEvidence evidence(EvidenceRequest asked) throws TpmException {
    var quote = asked.requested().quote();
    Quote quoted = agent.quote(quote.challenge().bytes(), quote.subjects().of("sha256"));
    return new CollectedEvidence(
        new EvidenceItems<>(
            quoted,
            Optional.empty(),
            asked
                .requested()
                .ima()
                .map(list ->
                    new ImaEntries(
                        agent.measurements() - list.first(),
                        agent.entries(Math.toIntExact(list.first()))))));
  }

  HttpResponse bring(EvidenceRequest asked, CollectedEvidence evidence) throws Exception {
    return send("PATCH", asked.self(), Optional.of(evidence.toJson()));
  }

  /** Shows what is asked for. */
  HttpResponse attest() throws Exception {
    EvidenceRequest asked = asked();
    return bring(asked, evidence(asked));
  }
}
