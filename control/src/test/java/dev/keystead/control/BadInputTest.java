package dev.keystead.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ledger.Entry;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.control.registrar.Registrar;
import dev.keystead.control.registrar.RegistrarConfig;
import dev.keystead.control.verifier.Verifier;
import dev.keystead.control.verifier.VerifierConfig;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.ClientLimits;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.Endpoint;
import dev.keystead.http.EventLoops;
import dev.keystead.http.Headers;
import dev.keystead.http.HttpClient;
import dev.keystead.http.HttpFailure;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.Purpose;
import dev.keystead.http.tls.SelfSigned;
import dev.keystead.http.tls.Subject;
import dev.keystead.http.tls.TlsIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every route of registrar and verifier against everybody who should not, and all that is wrong.
 */
class BadInputTest {
  private static final InetSocketAddress FREE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final String ID = "aaaaaaaa-0000-4000-8000-00000000000a";
  private static final String OTHER = "bbbbbbbb-0000-4000-8000-00000000000b";
  private static final String REGISTER = "pull/02-register";
  private static final String ENROL = "pull/10-verifier-post-agent";

  @TempDir static Path folder;
  private static EventLoops loops;
  private static HttpClient client;
  private static ControlIdentity identity;
  private static TlsIdentity agentOfOurs;
  private static TlsIdentity nodeCalledClient;
  private static TlsIdentity ofAnotherAuthority;
  private static TlsIdentity selfSigned;
  private static Registrar registrar;
  private static Verifier verifier;

  enum Server {
    REGISTRAR,
    VERIFIER
  }

  /** A route; {@code %s} is the id, and the body is one that would be taken. */
  record Target(Server server, String method, String path, boolean owner, String body) {
    String path(String id) {
      return path.formatted(id);
    }

    boolean hasId() {
      return path.contains("%s");
    }

    @Override
    public String toString() {
      return server + " " + method + " " + path;
    }
  }

  static Stream<Target> routes() {
    String tag = "{\"auth_tag\":\"" + "00".repeat(48) + "\"}";
    String register = Recording.of(REGISTER).body().toString();
    String enrol = Recording.of(ENROL).body().toString();
    String runtime = "{\"runtime_policy\":\"e30=\"}";
    String boot = "{\"mb_policy\":\"{}\"}";
    return Stream.of(
        new Target(Server.REGISTRAR, "POST", "/v2.6/agents", false, register),
        new Target(Server.REGISTRAR, "POST", "/v3.0/agents", false, register),
        new Target(Server.REGISTRAR, "POST", "/v2.6/agents/%s", false, register),
        new Target(Server.REGISTRAR, "PUT", "/v2.6/agents/%s", false, tag),
        new Target(Server.REGISTRAR, "PUT", "/v2.6/agents/%s/activate", false, tag),
        new Target(Server.REGISTRAR, "POST", "/v2.6/agents/%s/activate", false, tag),
        new Target(Server.REGISTRAR, "POST", "/v3.0/agents/%s/activate", false, tag),
        new Target(Server.REGISTRAR, "GET", "/v2.6/agents", true, ""),
        new Target(Server.REGISTRAR, "GET", "/v2.1/agents/%s", true, ""),
        new Target(Server.REGISTRAR, "GET", "/v3.0/agents/%s", true, ""),
        new Target(Server.REGISTRAR, "DELETE", "/v2.6/agents/%s", true, ""),
        new Target(Server.REGISTRAR, "GET", "/v3.0/agents", true, ""),
        new Target(Server.REGISTRAR, "DELETE", "/v3.0/agents/%s", true, ""),
        new Target(Server.VERIFIER, "GET", "/v2.6/agents", true, ""),
        new Target(Server.VERIFIER, "GET", "/v2/agents/%s", true, ""),
        new Target(Server.VERIFIER, "POST", "/v2.6/agents/%s", true, enrol),
        new Target(Server.VERIFIER, "DELETE", "/v2.6/agents/%s", true, ""),
        new Target(Server.VERIFIER, "PUT", "/v2.6/agents/%s/reactivate", true, ""),
        new Target(Server.VERIFIER, "PUT", "/v2.6/agents/%s/stop", true, ""),
        new Target(Server.VERIFIER, "GET", "/v2.6/allowlists", true, ""),
        new Target(Server.VERIFIER, "GET", "/v2.6/allowlists/%s", true, ""),
        new Target(Server.VERIFIER, "POST", "/v2.6/allowlists/%s", true, runtime),
        new Target(Server.VERIFIER, "PUT", "/v2.6/allowlists/%s", true, runtime),
        new Target(Server.VERIFIER, "DELETE", "/v2.6/allowlists/%s", true, ""),
        new Target(Server.VERIFIER, "GET", "/v2.6/mbpolicies", true, ""),
        new Target(Server.VERIFIER, "GET", "/v2.6/mbpolicies/%s", true, ""),
        new Target(Server.VERIFIER, "POST", "/v2.6/mbpolicies/%s", true, boot),
        new Target(Server.VERIFIER, "PUT", "/v2.6/mbpolicies/%s", true, boot),
        new Target(Server.VERIFIER, "DELETE", "/v2.6/mbpolicies/%s", true, ""),
        new Target(Server.VERIFIER, "GET", "/v2.6/verify/identity", false, ""),
        new Target(Server.VERIFIER, "POST", "/v2.6/verify/evidence", false, "{\"type\":\"tpm\"}"));
  }

  static Stream<Target> ownersRoutes() {
    return routes().filter(Target::owner);
  }

  static Stream<Target> routesWithAnId() {
    return routes().filter(Target::hasId);
  }

  static Stream<Target> routesWithABody() {
    return routes().filter(route -> !route.body.isEmpty());
  }

  @BeforeAll
  static void open() throws Exception {
    loops = EventLoops.start(1);
    client = HttpClient.open(loops, ClientLimits.defaults());
    Path authority = folder.resolve("cv_ca");
    identity = ControlIdentity.open(authority, InstantSource.system());
    CertificateAuthority ours = CertificateAuthority.load(authority, InstantSource.system());
    agentOfOurs = issue(ours, Subject.named(ID));
    nodeCalledClient = issue(ours, Subject.node("client"));
    ControlIdentity other = ControlIdentity.open(folder.resolve("other"), InstantSource.system());
    ofAnotherAuthority = other.client();
    selfSigned = SelfSigned.identity(Subject.local("client"), Instant.now(), Duration.ofDays(1));
    registrar =
        Registrar.start(
            RegistrarConfig.of(
                FREE, FREE, identity.server(), identity.trust(), folder.resolve("registrar.db")),
            loops);
    verifier =
        Verifier.start(
            VerifierConfig.of(
                FREE,
                identity.server(),
                identity.client(),
                identity.trust(),
                folder.resolve("verifier.db")),
            loops);
  }

  private static TlsIdentity issue(CertificateAuthority authority, Subject subject) {
    return authority.issue(subject, KeyType.EC_P256, Purpose.BOTH, Duration.ofDays(1));
  }

  @AfterAll
  static void close() {
    verifier.close();
    registrar.close();
    client.close();
    loops.close();
  }

  @ParameterizedTest
  @MethodSource("ownersRoutes")
  void anOwnersRouteIsClosedToEverybodyElse(Target route) throws Exception {
    List<Optional<TlsIdentity>> strangers =
        List.of(
            Optional.empty(),
            Optional.of(agentOfOurs),
            Optional.of(nodeCalledClient),
            Optional.of(ofAnotherAuthority),
            Optional.of(selfSigned));
    for (Optional<TlsIdentity> stranger : strangers) {
      assertRefused(route, request(route, ID), endpoint(route.server, stranger));
    }
    assertThat(
            client
                .exchange(
                    owner(route.server), request(route, ID).with("Authorization", "Bearer x.y"))
                .status())
        .as("an agent's token beside an owner's certificate")
        .isEqualTo(403);
    if (route.server == Server.REGISTRAR) {
      assertThat(client.exchange(plain(), request(route, ID)).status()).isEqualTo(403);
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void aPublicRouteAnswersOwnersAsItAnswersAnybody(Target route) throws Exception {
    if (!route.owner) {
      int anybody =
          client.exchange(endpoint(route.server, Optional.empty()), request(route, ID)).status();
      assertThat(client.exchange(owner(route.server), request(route, ID)).status())
          .isEqualTo(anybody);
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void aMethodThatTheRouteHasNotIsRefusedAndTheOthersAreTold(Target route) throws Exception {
    Set<String> has = new LinkedHashSet<>();
    routes()
        .filter(r -> r.server == route.server && pattern(r).equals(pattern(route)))
        .forEach(r -> has.add(r.method));
    for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW")) {
      if (has.contains(method)) {
        continue;
      }
      HttpResponse reply =
          client.exchange(owner(route.server), ClientRequest.of(method, route.path(ID)));
      assertThat(reply.status()).as(method).isEqualTo(405);
      assertThat(reply.headers().all("Allow").getFirst()).contains(route.method);
    }
  }

  private static String pattern(Target route) {
    return route.path.replaceFirst("/v(\\d)[^/]*", "/v$1");
  }

  @ParameterizedTest
  @MethodSource("routes")
  void aVersionThatIsNotSpokenIsRefusedInKeylimesWords(Target route) throws Exception {
    for (String version : List.of("v1.0", "v2.0", "v2.7", "v9.9", "4", "v2.6.1", "vv2", "x")) {
      String path = route.path(ID).replaceFirst("/v[^/]*", "/" + version);
      HttpResponse reply =
          client.exchange(owner(route.server), request(route.method, path, route.body));
      assertThat(reply.status()).as(version).isEqualTo(400);
      if (version.matches("v?\\d(\\.\\d)?")) {
        assertThat(new String(reply.body(), StandardCharsets.UTF_8))
            .contains("API version not supported");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("routesWithAnId")
  void anIdThatIsNoneIsRefusedAndLeavesNoTraceButAnAuditEntry(Target route) throws Exception {
    List<String> bad = new ArrayList<>();
    bad.add("a%20b");
    bad.add("%D0%B0gent");
    bad.add("%EF%BC%A1gent");
    bad.add("a%3Cb%3E");
    bad.add("-a");
    bad.add(".a");
    bad.add("a%25%32%66b");
    bad.add("a'b");
    bad.add("a;b");
    bad.add("*webhook");
    bad.add("a".repeat(81));
    bad.add("a".repeat(4096));
    for (String id : bad) {
      HttpResponse reply = client.exchange(owner(route.server), request(route, id));
      assertThat(reply.status()).as(id).isEqualTo(400);
      assertThat(new String(reply.body(), StandardCharsets.UTF_8)).doesNotContain(id);
    }
    for (String raw :
        List.of("a%2Fb", "a%5Cb", "..", "%2e%2e", "a%0d%0ab", "a%00", "a%", "a%ff", "a//b")) {
      assertThat(RawTls.status(port(route.server), route.method, route.path(raw)))
          .as(raw)
          .isEqualTo(400);
    }
  }

  @ParameterizedTest
  @MethodSource("routesWithABody")
  void aBodyThatIsNoneIsRefused(Target route) throws Exception {
    byte[] notUtf8 = {'{', '"', (byte) 0xff, '"', ':', '1', '}'};
    List<byte[]> bodies = new ArrayList<>();
    for (String text :
        List.of(
            "",
            "null",
            "7",
            "[]",
            "\"x\"",
            "{",
            "{}",
            "{}{}",
            "{\"a\":1,\"a\":1}",
            "{\"a\":1e999}",
            "{\"a\":\"\\ud800\"}",
            "[".repeat(5000),
            "{\"a\":".repeat(2000))) {
      bodies.add(text.getBytes(StandardCharsets.UTF_8));
    }
    bodies.add(notUtf8);
    for (byte[] body : bodies) {
      HttpResponse reply =
          client.exchange(
              owner(route.server),
              new ClientRequest(
                  route.method, route.path(OTHER), Headers.none(), body, false, Optional.empty()));
      assertThat(reply.status()).as(new String(body, StandardCharsets.ISO_8859_1)).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @MethodSource("routesWithABody")
  void aFieldThatIsMissingDoubledOfAnotherTypeOrOutOfRangeIsNeverADefectOfOurs(Target route)
      throws Exception {
    Json.Obj body = Json.parseObject(route.body.getBytes(StandardCharsets.UTF_8), Limits.WIRE);
    for (String field : body.members().keySet()) {
      for (String value :
          List.of(
              "-",
              "null",
              "true",
              "-1",
              "65536",
              "1e3",
              "99999999999999999999",
              "\"\"",
              "\"\\u0000\"",
              "\"%2e%2e\"",
              "[]",
              "[null]",
              "{}",
              "\"" + "A".repeat(4096) + "\"")) {
        String changed = changed(body, field, value);
        HttpResponse reply =
            client.exchange(owner(route.server), request(route.method, route.path(OTHER), changed));
        assertThat(reply.status()).as(field + " = " + value).isLessThan(500);
        forget(route);
      }
      String doubled =
          "{\"%s\":%s,%s".formatted(field, body.members().get(field), body.toString().substring(1));
      assertThat(
              client
                  .exchange(owner(route.server), request(route.method, route.path(OTHER), doubled))
                  .status())
          .as(field + " twice")
          .isEqualTo(400);
    }
  }

  /** What was taken all the same is taken away again, so that the next is judged alone. */
  private static void forget(Target route) throws Exception {
    if (route.owner && route.method.equals("POST")) {
      client.exchange(owner(route.server), ClientRequest.of("DELETE", route.path(OTHER)));
    }
  }

  private static String changed(Json.Obj body, String field, String value) {
    StringBuilder out = new StringBuilder("{");
    body.members()
        .forEach((name, member) -> {
          if (!name.equals(field)) {
            out.append(out.length() > 1 ? "," : "").append("\"%s\":%s".formatted(name, member));
          }
        });
    if (!value.equals("-")) {
      out.append(out.length() > 1 ? "," : "").append("\"%s\":%s".formatted(field, value));
    }
    return out.append('}').toString();
  }

  @ParameterizedTest
  @MethodSource("routesWithABody")
  void aBodyCountsWhateverItsContentTypeSays(Target route) throws Exception {
    Endpoint owner = owner(route.server);
    int json = client.exchange(owner, request(route, OTHER)).status();
    forget(route);
    for (String type : List.of("text/plain", "application/vnd.api+json", "x/y; charset=utf-16")) {
      int other =
          client
              .exchange(
                  owner,
                  ClientRequest.of(
                      route.method,
                      route.path(OTHER),
                      type,
                      route.body.getBytes(StandardCharsets.UTF_8)))
              .status();
      forget(route);
      assertThat(other).as(type).isEqualTo(json);
    }
  }

  @ParameterizedTest
  @EnumSource(Server.class)
  void aPathThatIsNoRouteIsNotFound(Server server) throws Exception {
    for (String path :
        List.of("/", "/v2.6/agent", "/v2.6/agents/a/b/c", "/v2.6/allowlists/a/b", "/admin")) {
      int status = client.exchange(owner(server), ClientRequest.get(path)).status();
      assertThat(status).as(path).isIn(404, 400);
    }
  }

  @Test
  void anotherAgentsIdInTheBodyIsRefused() throws Exception {
    String body =
        changed((Json.Obj) Recording.of(REGISTER).body(), "agent_id", "\"" + OTHER + "\"");
    assertThat(client.exchange(plain(), request("POST", "/v2.6/agents/" + ID, body)).status())
        .isEqualTo(400);
  }

  @Test
  void refusalsThatConcernTrustAreInTheLedgerWithoutWhatStrangersWrote() throws Exception {
    Endpoint stranger = endpoint(Server.VERIFIER, Optional.of(agentOfOurs));
    client.exchange(stranger, ClientRequest.get("/v2.6/agents"));
    client.exchange(owner(Server.VERIFIER), ClientRequest.get("/v2.6/agents/%D0%B0gent"));
    List<Entry> entries = verifier.ledger().entries(0, 1000);
    assertThat(entries.stream().map(Entry::kind)).contains(EntryKind.REFUSED);
    assertThat(entries.stream().map(Entry::body)).noneMatch(body -> body.contains("\u0430"));
    verifier.ledger().verify();
  }

  private static void assertRefused(Target route, ClientRequest request, Endpoint endpoint)
      throws InterruptedException {
    try {
      assertThat(client.exchange(endpoint, request).status()).as(route.toString()).isEqualTo(403);
    } catch (HttpFailure e) {
      // Refused in the handshake.
      assertThat(e.reason()).isIn(HttpFailure.Reason.TLS_FAILED, HttpFailure.Reason.CLOSED);
    }
  }

  private static ClientRequest request(Target route, String id) {
    return request(route.method, route.path(id), route.body);
  }

  private static ClientRequest request(String method, String path, String body) {
    return body.isEmpty() ? ClientRequest.of(method, path) : ClientRequest.json(method, path, body);
  }

  private static int port(Server server) {
    return server == Server.REGISTRAR ? registrar.tlsPort() : verifier.port();
  }

  private static Endpoint plain() {
    return Endpoint.plain("127.0.0.1", registrar.plainPort());
  }

  private static Endpoint owner(Server server) {
    return endpoint(server, Optional.of(identity.client()));
  }

  private static Endpoint endpoint(Server server, Optional<TlsIdentity> as) {
    return Endpoint.tls(
        "127.0.0.1",
        port(server),
        as.map(id -> ClientTls.mutual(id, identity.trust()))
            .orElseGet(() -> ClientTls.anonymous(identity.trust())));
  }
}
