package dev.keystead.tenant;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.http.BodyLimit;
import dev.keystead.http.ClientLimits;
import dev.keystead.http.Endpoint;
import dev.keystead.http.EventLoops;
import dev.keystead.http.Handler;
import dev.keystead.http.HttpClient;
import dev.keystead.http.HttpRequest;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.HttpServer;
import dev.keystead.http.ServerConfig;
import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.Purpose;
import dev.keystead.http.tls.SelfSigned;
import dev.keystead.http.tls.ServerTls;
import dev.keystead.http.tls.Subject;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.keylime.AgentList;
import dev.keystead.keylime.Envelope;
import dev.keystead.keylime.VersionReply;
import dev.keystead.keylime.bootstrap.BootstrapKey;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.bootstrap.UKey;
import dev.keystead.keylime.bootstrap.VerifyChallenge;
import dev.keystead.keylime.bootstrap.VerifyReply;
import dev.keystead.keylime.verifier.OperationalState;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The three that an owner talks to, over real mutual TLS, answering as the recorded ones did. The
 * agent's proof of its key is computed from the shares that it and the verifier were really given.
 */
final class RecordedPeers implements AutoCloseable {
  private static final InstantSource CLOCK = InstantSource.system();

  /** What the owner is answered instead of what was recorded, by {@code METHOD path}. */
  final Map<String, HttpResponse> instead = new ConcurrentHashMap<>();

  /** All requests, in their order, without queries. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  volatile Optional<VerifierAgentAdd> enrolment = Optional.empty();
  volatile Optional<UKey> share = Optional.empty();
  volatile OperationalState state = OperationalState.GET_QUOTE;
  volatile Json.Obj identity = Recorded.results("07-quotes-identity");
  private final EventLoops loops = EventLoops.start(1);
  private final CertificateAuthority authority =
      CertificateAuthority.create("test", KeyType.EC_P256, Duration.ofDays(1), CLOCK);
  private final TlsIdentity agentIdentity =
      SelfSigned.identity(Subject.local("agent"), Instant.now(), Duration.ofDays(1));
  private final HttpServer registrar;
  private final HttpServer verifier;
  private final HttpServer agent;
  private final HttpClient client = HttpClient.open(loops, ClientLimits.defaults());

  RecordedPeers() throws IOException {
    TlsIdentity server =
        authority.issue(
            Subject.local("server"), KeyType.EC_P256, Purpose.SERVER, Duration.ofDays(1));
    registrar = start(server, this::registrar);
    verifier = start(server, this::verifier);
    agent = start(agentIdentity, this::agent);
  }

  private HttpServer start(TlsIdentity identity, Handler handler) throws IOException {
    return HttpServer.start(
        loops,
        ServerConfig.tls(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                ServerTls.required(identity, authority.trust()))
            .withBodyLimit(BodyLimit.of(4 << 20)),
        request -> {
          String asked = request.method() + " /" + String.join("/", request.target().segments());
          requests.add(asked);
          HttpResponse other = instead.get(asked);
          return other == null ? handler.handle(request) : other;
        });
  }

  Tenant tenant(SecureRandom random) {
    TlsIdentity owner =
        authority.issue(
            Subject.named("owner"), KeyType.EC_P256, Purpose.CLIENT, Duration.ofDays(1));
    ClientTls tls = ClientTls.mutual(owner, authority.trust());
    return new Tenant(
        new TenantConfig(
            Endpoint.tls("127.0.0.1", registrar.port(), tls),
            Endpoint.tls("127.0.0.1", verifier.port(), tls),
            owner,
            Duration.ofSeconds(2)),
        client,
        random,
        CLOCK);
  }

  void stopAgent() {
    agent.close();
  }

  /** The recorded record, with the address and certificate of the agent that answers here. */
  Json.Obj record() {
    JsonObjectBuilder out = Json.object();
    Recorded.results("05-tenant-registrar-get")
        .members()
        .forEach((name, value) ->
            out.put(
                name,
                switch (name) {
                  case "port" -> Json.of(agent.port());
                  case "mtls_cert" -> Json.of(Certificates.toPem(agentIdentity.chain()));
                  default -> value;
                }));
    return out.build();
  }

  static HttpResponse ok(Json.Obj results) {
    return HttpResponse.json(200, Envelope.success(results).toJson().toString());
  }

  private static HttpResponse no(int code, String status) {
    return HttpResponse.json(code, Envelope.error(code, status).toJson().toString());
  }

  private HttpResponse registrar(HttpRequest request) {
    String last = request.target().segments().getLast();
    return switch (last) {
      case "version" -> ok(VersionReply.ours().toServerJson());
      case "agents" -> ok(new AgentList(List.of(Recorded.ID)).toRegistrarJson());
      default ->
          !last.equals(Recorded.ID.value())
              ? no(404, "agent not found")
              : request.method().equals("DELETE") ? ok(Envelope.NOTHING) : ok(record());
    };
  }

  private HttpResponse verifier(HttpRequest request) {
    String last = request.target().segments().getLast();
    if (last.equals("version")) {
      return ok(VersionReply.ours().toServerJson());
    }
    return switch (request.method()) {
      case "POST" -> {
        enrolment =
            Optional.of(
                VerifierAgentAdd.parse(Json.parse(request.body(), VerifierAgentAdd.LIMITS)));
        yield ok(Envelope.NOTHING);
      }
      case "DELETE" -> {
        enrolment = Optional.empty();
        yield no(202, "Accepted");
      }
      default -> {
        if (last.equals("agents")) {
          yield ok(
              new AgentList(enrolment.map(e -> List.of(Recorded.ID)).orElse(List.of()))
                  .toVerifierJson());
        }
        yield enrolment.isPresent() ? ok(status()) : no(404, "agent id not found");
      }
    };
  }

  private Json.Obj status() {
    JsonObjectBuilder out = Json.object();
    Recorded.results("17-verifier-get-agent-get-quote")
        .members()
        .forEach((name, value) ->
            out.put(name, name.equals("operational_state") ? Json.of(state.number()) : value));
    return out.build();
  }

  private HttpResponse agent(HttpRequest request) {
    return switch (request.target().segments().getLast()) {
      case "version" -> ok(VersionReply.ours().toAgentJson());
      case "identity" -> ok(identity);
      case "ukey" -> {
        share = Optional.of(UKey.parse(Json.parse(request.body(), UKey.LIMITS)));
        yield HttpResponse.json(200, "{\"code\":200,\"status\":\"Success\",\"results\":null}");
      }
      case "verify" ->
          state == OperationalState.GET_QUOTE
              ? ok(
                  new VerifyReply(key().answer(VerifyChallenge.parse(request.target()::parameter)))
                      .toJson())
              : no(400, VerifyReply.NOT_YET);
      default -> no(404, "not found");
    };
  }

  /** The key that the agent has from both its shares. */
  BootstrapKey key() {
    UKey u = share.orElseThrow();
    return PayloadKey.unwrap(Recorded.payloadKey(), u.encryptedKey())
        .join(enrolment.orElseThrow().v().orElseThrow(), Recorded.ID, u.authTag())
        .orElseThrow();
  }

  /** The answer to one request is another one. */
  void answer(String methodAndPath, int code, String status) {
    instead.put(methodAndPath, no(code, status));
  }

  /** The registrar tells of another record. */
  void tell(Json.Obj record) {
    instead.put("GET /v2.6/agents/" + Recorded.ID, ok(record));
  }

  @Override
  public void close() {
    client.close();
    agent.close();
    verifier.close();
    registrar.close();
    loops.close();
  }
}
