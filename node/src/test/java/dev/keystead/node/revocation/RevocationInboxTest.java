package dev.keystead.node.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.http.tls.Purpose;
import dev.keystead.http.tls.Subject;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.revocation.Revocation;
import dev.keystead.keylime.revocation.RevocationKey;
import dev.keystead.keylime.revocation.SignedRevocation;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.Audit;
import dev.keystead.node.secure.PrivateTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Revocations that are good, replayed, stale and forged. */
class RevocationInboxTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final TlsIdentity NOTIFIER =
      CertificateAuthority.create(
              "ca", KeyType.RSA_2048, Duration.ofDays(1), InstantSource.system())
          .issue(Subject.named("notifier"), KeyType.RSA_2048, Purpose.BOTH, Duration.ofHours(1));
  private static final RevocationKey KEY = RevocationKey.parse(PrivateKeys.toPem(NOTIFIER.key()));
  private static final RevocationKey OTHER =
      RevocationKey.parse(PrivateKeys.toPem(PrivateKeys.generate(KeyType.RSA_2048).getPrivate()));

  private final Path secure = Path.of("/dev/shm/keystead-test-" + UUID.randomUUID());
  private final Path payload = secure.resolve("unzipped");
  private final List<AgentEvent> events = new CopyOnWriteArrayList<>();
  private Optional<RevocationInbox> running = Optional.empty();

  @BeforeEach
  void deliver() throws IOException {
    Files.createDirectories(payload);
    Files.writeString(
        payload.resolve("RevocationNotifier-cert.crt"), Certificates.toPem(NOTIFIER.certificate()));
    action("local_action_one", "cat \"$1\" >> ../log");
    Files.writeString(payload.resolve("action_list"), "local_action_one\n");
    start(ActionSettings.DEFAULT);
  }

  @AfterEach
  void stop() throws IOException {
    running.ifPresent(RevocationInbox::close);
    PrivateTree.delete(secure);
  }

  @Test
  void aSignedRevocationRunsTheActionsWithTheSortedMessage() throws Exception {
    take(signed(message("bad-node", NOW), KEY));
    awaitActions(1);
    String log = Files.readString(secure.resolve("log"));
    assertThat(log).startsWith("{\"agent_id\":\"bad-node\",\"event_time\":").endsWith("}");
    assertThat(events).contains(new AgentEvent.RevocationTaken("bad-node"));
  }

  @Test
  void aReplayIsActedOnOnce() throws Exception {
    SignedRevocation message = signed(message("bad-node", NOW), KEY);
    take(message);
    take(message);
    awaitActions(1);
    restart();
    take(message);
    take(signed(message("other", NOW), KEY));
    awaitActions(2);
    assertThat(refused()).hasSize(2).allMatch(r -> r.contains("acted on before"));
  }

  @Test
  void anUnsignedRevocationIsIgnored() {
    take(signed(message("bad-node", NOW), Optional.empty()));
    assertNothingRan("has none");
  }

  @Test
  void aRevocationOfAnotherKeyIsIgnored() {
    take(signed(message("bad-node", NOW), OTHER));
    assertNothingRan("does not verify");
  }

  @Test
  void aChangedRevocationIsIgnored() {
    SignedRevocation good = signed(message("bad-node", NOW), KEY);
    take(new SignedRevocation(good.msg().replace("bad-node", "bad-n0de"), good.signature()));
    assertNothingRan("does not verify");
  }

  @Test
  void anOldRevocationIsIgnored() {
    take(signed(message("bad-node", NOW.minus(Duration.ofDays(3))), KEY));
    assertNothingRan("is not fresh");
  }

  @Test
  void aRevocationFromTheFutureIsIgnored() {
    take(signed(message("bad-node", NOW.plus(Duration.ofDays(3))), KEY));
    assertNothingRan("is not fresh");
  }

  @Test
  void beforeAPayloadBroughtTheCertificateNothingIsBelieved() throws Exception {
    Files.delete(payload.resolve("RevocationNotifier-cert.crt"));
    take(signed(message("bad-node", NOW), KEY));
    assertNothingRan("no payload has brought");
  }

  @Test
  void revocationsAreActedOnInTheOrderOfArrival() throws Exception {
    action("local_action_one", "grep -o 'node-[0-9]*' \"$1\" | head -1 >> ../log");
    for (int i = 0; i < 10; i++) {
      take(signed(message("node-" + i, NOW), KEY));
    }
    awaitActions(10);
    assertThat(Files.readAllLines(secure.resolve("log")))
        .containsExactly(
            "node-0", "node-1", "node-2", "node-3", "node-4", "node-5", "node-6", "node-7",
            "node-8", "node-9");
  }

  @Test
  void anActionThatFailsStopsThoseBehindIt() throws Exception {
    action("local_action_one", "exit 7");
    action("local_action_two", "touch ../two");
    Files.writeString(payload.resolve("action_list"), "local_action_one, local_action_two\n");
    take(signed(message("bad-node", NOW), KEY));
    awaitActions(1);
    assertThat(events).contains(new AgentEvent.ActionRan("local_action_one", 7));
    take(signed(message("other", NOW), KEY));
    awaitActions(2);
    assertThat(secure.resolve("two")).doesNotExist();
  }

  @Test
  void anActionThatHangsIsKilled() throws Exception {
    action("local_action_one", "sleep 600");
    running.ifPresent(RevocationInbox::close);
    start(
        new ActionSettings(
            List.of(), Optional.empty(), true, Duration.ofMillis(200), Duration.ofHours(27)));
    take(signed(message("bad-node", NOW), KEY));
    awaitActions(1);
    assertThat(events).contains(new AgentEvent.ActionRan("local_action_one", -1));
  }

  @Test
  void aNameThatIsAPathIsNotRun() throws Exception {
    Path outside = secure.resolve("outside");
    Files.writeString(outside, "#!/bin/sh\ntouch " + secure.resolve("ran") + "\n");
    Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(payload.resolve("action_list"), "../outside\n");
    take(signed(message("bad-node", NOW), KEY));
    awaitRefusal("not a plain name");
    assertThat(secure.resolve("ran")).doesNotExist();
  }

  @Test
  void deliveredActionsRunOnlyWhereThatIsAllowed() throws Exception {
    running.ifPresent(RevocationInbox::close);
    start(
        new ActionSettings(
            List.of(), Optional.empty(), false, Duration.ofSeconds(5), Duration.ofHours(27)));
    take(signed(message("bad-node", NOW), KEY));
    awaitActions(1);
    assertThat(secure.resolve("log")).doesNotExist();
  }

  @Test
  void aPublishedRevocationIsActedOnOnceAndAForgedOneNotAtAll() throws Exception {
    try (ZContext context = new ZContext(1)) {
      ZMQ.Socket publisher = context.createSocket(SocketType.PUB);
      int port = publisher.bindToRandomPort("tcp://127.0.0.1");
      byte[] good = signed(message("bad-node", NOW), KEY).toJson().toBytes();
      byte[] forged = signed(message("good-node", NOW), OTHER).toJson().toBytes();
      try (RevocationSubscriber _ =
          new RevocationSubscriber(
              new ContactAddress("127.0.0.1", port),
              running.orElseThrow(),
              new Audit(events::add))) {
        // Who subscribes late has missed what was published before.
        for (int i = 0; i < 200 && refused().size() < 3; i++) {
          publisher.send(forged);
          publisher.send("nonsense");
          publisher.send(good);
          Thread.sleep(100);
        }
        awaitActions(1);
      }
    }
    assertThat(refused())
        .anyMatch(r -> r.contains("does not verify"))
        .anyMatch(r -> r.contains("acceptable JSON"));
    assertThat(events.stream().filter(AgentEvent.RevocationTaken.class::isInstance))
        .containsExactly(new AgentEvent.RevocationTaken("bad-node"));
  }

  private void start(ActionSettings settings) {
    running =
        Optional.of(
            new RevocationInbox(settings, secure, payload, () -> NOW, new Audit(events::add)));
  }

  private void restart() {
    running.ifPresent(RevocationInbox::close);
    start(ActionSettings.DEFAULT);
  }

  private void take(SignedRevocation message) {
    running.orElseThrow().take(message);
  }

  private void action(String name, String script) throws IOException {
    Files.writeString(payload.resolve(name), "#!/bin/sh\n" + script + "\n");
  }

  private static SignedRevocation signed(Revocation message, RevocationKey key) {
    return signed(message, Optional.of(key));
  }

  private static SignedRevocation signed(Revocation message, Optional<RevocationKey> key) {
    return SignedRevocation.of(message, key);
  }

  private static Revocation message(String about, Instant time) {
    return new Revocation(
        Revocation.Type.REVOCATION,
        AgentId.of(about),
        Optional.empty(),
        "{}",
        "{}",
        Revocation.asctime(time),
        Optional.empty(),
        Optional.empty());
  }

  private List<String> refused() {
    return events.stream()
        .filter(AgentEvent.Refused.class::isInstance)
        .map(e -> ((AgentEvent.Refused) e).reason())
        .toList();
  }

  private void assertNothingRan(String reason) {
    assertThat(refused()).singleElement().asString().contains(reason);
    assertThat(events).noneMatch(AgentEvent.RevocationTaken.class::isInstance);
    assertThat(secure.resolve("revocations")).isEmptyDirectory();
  }

  private void awaitActions(int count) throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      if (events.stream().filter(AgentEvent.ActionRan.class::isInstance).count() >= count) {
        return;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("fewer than " + count + " actions: " + events);
  }

  private void awaitRefusal(String reason) throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      if (refused().stream().anyMatch(r -> r.contains(reason))) {
        return;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("not refused: " + events);
  }
}
