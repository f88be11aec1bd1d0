package dev.keystead.control.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ControlIdentity;
import dev.keystead.control.Recording;
import dev.keystead.control.ledger.Ledger;
import dev.keystead.control.store.Store;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.ClientLimits;
import dev.keystead.http.Endpoint;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpClient;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.registration.Registration;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What real agents and the real tenant said to Keylime's registrar, said to ours. */
class RecordedRegistrarTest {
  private static final InetSocketAddress FREE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path folder;
  private EventLoops loops;
  private HttpClient client;
  private ControlIdentity identity;
  private Registrar registrar;

  @BeforeEach
  void start() throws Exception {
    loops = EventLoops.start(1);
    client = HttpClient.open(loops, ClientLimits.defaults());
    identity = ControlIdentity.open(folder.resolve("cv_ca"), InstantSource.system());
    registrar = open();
  }

  private Registrar open() throws Exception {
    return Registrar.start(
        RegistrarConfig.of(
            FREE, FREE, identity.server(), identity.trust(), folder.resolve("registrar.db")),
        loops);
  }

  @AfterEach
  void stop() {
    registrar.close();
    client.close();
    loops.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pull/02-register",
        "pull-cert-package/01-register",
        "pull-ecc384-measured-boot/01-register",
        "pull-python-agent-6.6.0/03-register",
        "push/01-register"
      })
  void aRecordedRegistrationIsAnsweredAsItWas(String name) throws Exception {
    Recording recording = Recording.of(name);
    HttpResponse reply = client.exchange(plain(), recording.request());
    assertThat(reply.status()).isEqualTo(recording.status());
    assertThat(recording.differences(Json.parse(reply.body(), Limits.WIRE))).isEmpty();
  }

  /** Keylime's registrar refuses both; the Python agent sends nothing else. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "pull-python-agent-6.6.0/01-register-without-content-type-refused",
        "pull-python-agent-6.6.0/02-register-without-ek_tpm-refused"
      })
  void thePythonAgentIsTakenAsItIs(String name) throws Exception {
    Recording recording = Recording.of(name);
    HttpResponse reply = client.exchange(plain(), recording.request());
    assertThat(recording.status()).isEqualTo(400);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(
            Recording.of("pull-python-agent-6.6.0/03-register")
                .differences(Json.parse(reply.body(), Limits.WIRE)))
        .isEmpty();
  }

  /** The tag is of a challenge that another registrar made. */
  @ParameterizedTest
  @CsvSource({
    "pull/02-register, pull/03-activate",
    "pull-ecc384-measured-boot/01-register, pull-ecc384-measured-boot/02-activate",
    "pull-python-agent-6.6.0/03-register, pull-python-agent-6.6.0/04-activate",
    "push/01-register, push/02-activate"
  })
  void aRecordedTagOpensNoChallengeOfOurs(String register, String activate) throws Exception {
    client.exchange(plain(), Recording.of(register).request());
    Recording recording = Recording.of(activate);
    HttpResponse reply = client.exchange(plain(), recording.request());
    assertThat(reply.status()).isEqualTo(400);
    assertThat(recording.differences(Json.parse(reply.body(), Limits.WIRE))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "pull/02-register, pull/05-tenant-registrar-get",
    "pull-ecc384-measured-boot/01-register, pull-ecc384-measured-boot/03-tenant-registrar-get"
  })
  void theTenantIsToldOfAnAgentWhatItWasTold(String register, String get) throws Exception {
    registrar.close();
    activate(Recording.of(register));
    registrar = open();
    Recording recording = Recording.of(get);
    HttpResponse reply = client.exchange(owner(), recording.request());
    assertThat(reply.status()).isEqualTo(200);
    assertThat(Json.parse(reply.body(), Limits.WIRE)).isEqualTo(recording.reply());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pull/01-agent-registrar-version", "pull/04-tenant-registrar-version"})
  void theVersionsAreToldInTheSameForm(String name) throws Exception {
    Recording recording = Recording.of(name);
    HttpResponse reply = client.exchange(plain(), recording.request());
    assertThat(reply.status()).isEqualTo(200);
    assertThat(recording.differences(Json.parse(reply.body(), Limits.WIRE))).isEmpty();
  }

  /** As if its TPM had proved itself: that TPM is gone. */
  private void activate(Recording register) {
    AgentId id = AgentId.of(register.path().replaceFirst(".*/", ""));
    Registration sent = Registration.parse(register.body());
    Identity judged = Identity.of(id, sent, Admission.DEFAULT, Instant.now());
    Store store = Store.open(folder.resolve("registrar.db"));
    new Registrations(
            store,
            new Ledger(store, InstantSource.system()),
            InstantSource.system(),
            Admission.DEFAULT)
        .activate(
            new Candidate(id, judged.keys(), sent.contact(), sent.mtlsCert().map(MtlsCert::text)));
    store.close();
  }

  private Endpoint plain() {
    return Endpoint.plain("127.0.0.1", registrar.plainPort());
  }

  private Endpoint owner() {
    return Endpoint.tls(
        "127.0.0.1", registrar.tlsPort(), ClientTls.mutual(identity.client(), identity.trust()));
  }
}
