package dev.keystead.node.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.bootstrap.AuthTag;
import dev.keystead.keylime.bootstrap.BootstrapKey;
import dev.keystead.keylime.bootstrap.Payload;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.bootstrap.UKey;
import dev.keystead.keylime.bootstrap.VKey;
import dev.keystead.keylime.bootstrap.VerifyChallenge;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.Audit;
import dev.keystead.node.payload.Delivery;
import dev.keystead.node.payload.PayloadSettings;
import dev.keystead.node.secure.PrivateTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From wrapped shares to the delivered payload, with restarts in between. */
class BootstrapTest {
  private static final AgentId ID = AgentId.of("node-1");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final KeyPair NK = PrivateKeys.generate(KeyType.RSA_2048);
  private static final PayloadKey PUBLIC = PayloadKey.of((RSAPublicKey) NK.getPublic());
  private static final VerifyChallenge CHALLENGE = new VerifyChallenge("or6ngoxkY6067DwAtrrW");

  private final Path secure = Path.of("/dev/shm/keystead-test-" + UUID.randomUUID());
  private final List<AgentEvent> events = new CopyOnWriteArrayList<>();
  private final BootstrapKey key = BootstrapKey.generate(RANDOM);
  private final BootstrapKey.Shares shares = key.split(RANDOM);
  private final PayloadSettings settings = PayloadSettings.DEFAULT.withScript("autorun.sh");
  private Optional<Bootstrap> running = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    Files.createDirectory(
        secure, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    restart();
  }

  @AfterEach
  void stop() throws IOException {
    running.ifPresent(Bootstrap::close);
    PrivateTree.delete(secure);
  }

  @Test
  void bothSharesDeliverTheDecryptedPayload() throws Exception {
    post(u(ascii("the payload")));
    assertThat(bootstrap().answer(CHALLENGE)).isEmpty();
    assertThat(post(v())).isEqualTo(Bootstrap.Outcome.TAKEN);
    assertThat(bootstrap().answer(CHALLENGE)).contains(key.answer(CHALLENGE));
    assertThat(secure.resolve("unzipped/decrypted_payload")).hasContent("the payload");
    assertThat(Files.readAllBytes(secure.resolve("unzipped/derived_tci_key")))
        .isEqualTo(key.copy());
    assertThat(events).contains(new AgentEvent.Bootstrapped(0));
  }

  @Test
  void everyFileIsPrivate() throws Exception {
    post(u(zip("autorun.sh", "true")));
    post(v());
    awaitScript();
    try (Stream<Path> tree = Files.walk(secure)) {
      for (Path path : tree.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as(path.toString())
            .endsWith("------");
      }
    }
  }

  @Test
  void nothingThatIsPostedLaterChangesWhatWasBootstrapped() throws Exception {
    post(u(ascii("the payload")));
    post(v());
    BootstrapKey other = BootstrapKey.generate(RANDOM);
    BootstrapKey.Shares others = other.split(RANDOM);
    UKey evil = uOf(other, others, ascii("evil"));
    assertThat(post(evil)).isEqualTo(Bootstrap.Outcome.TOO_LATE);
    assertThat(post(new VKey(PUBLIC.wrap(others.v())))).isEqualTo(Bootstrap.Outcome.TOO_LATE);
    assertThat(bootstrap().answer(CHALLENGE)).contains(key.answer(CHALLENGE));
    assertThat(secure.resolve("unzipped/decrypted_payload")).hasContent("the payload");
  }

  @Test
  void anOwnerWhoEnrolsTheNodeAnewGivesItAnotherKey() throws Exception {
    UKey before = u(ascii("the payload"));
    post(before);
    post(v());
    BootstrapKey other = BootstrapKey.generate(RANDOM);
    BootstrapKey.Shares others = other.split(RANDOM);
    bootstrap().renew("tenant");
    assertThat(post(uOf(other, others, ascii("the next")))).isEqualTo(Bootstrap.Outcome.TAKEN);
    // Until the verifier trusts the node nothing changes, though nobody is shown the old key for
    // the new one; a kill changes nothing either.
    assertThat(bootstrap().answer(CHALLENGE)).isEmpty();
    restart();
    assertThat(secure.resolve("unzipped/decrypted_payload")).hasContent("the payload");
    assertThat(post(new VKey(PUBLIC.wrap(others.v())))).isEqualTo(Bootstrap.Outcome.TAKEN);
    assertThat(bootstrap().answer(CHALLENGE)).contains(other.answer(CHALLENGE));
    assertThat(secure.resolve("unzipped/decrypted_payload")).hasContent("the next");
    assertThat(post(before)).isEqualTo(Bootstrap.Outcome.TOO_LATE);
    assertThat(post(v())).isEqualTo(Bootstrap.Outcome.TOO_LATE);
  }

  @Test
  void aNewShareOfSomebodyElseThanTheOwnerWhoAskedIsRefused() throws Exception {
    post(u(ascii("the payload")));
    post(v());
    bootstrap().renew("the owner");
    BootstrapKey other = BootstrapKey.generate(RANDOM);
    BootstrapKey.Shares others = other.split(RANDOM);
    assertThat(post(uOf(other, others, ascii("evil")))).isEqualTo(Bootstrap.Outcome.TOO_LATE);
    assertThat(post(new VKey(PUBLIC.wrap(others.v())))).isEqualTo(Bootstrap.Outcome.TAKEN);
    assertThat(bootstrap().answer(CHALLENGE)).contains(key.answer(CHALLENGE));
    assertThat(secure.resolve("unzipped/decrypted_payload")).hasContent("the payload");
  }

  @Test
  void theSameSharesAgainAreTakenAndChangeNothing() throws Exception {
    UKey u = u(ascii("the payload"));
    post(u);
    post(v());
    Files.writeString(secure.resolve("unzipped/kept"), "by a service");
    assertThat(post(v())).isEqualTo(Bootstrap.Outcome.TAKEN);
    assertThat(post(u)).isEqualTo(Bootstrap.Outcome.TAKEN);
    assertThat(secure.resolve("unzipped/kept")).hasContent("by a service");
  }

  @Test
  void sharesOutliveAKilledAgent() throws Exception {
    post(u(ascii("the payload")));
    restart();
    restart();
    assertThat(secure.resolve("pending")).isDirectoryContaining("glob:**[0-9]");
    post(v());
    assertThat(bootstrap().answer(CHALLENGE)).contains(key.answer(CHALLENGE));
    restart();
    assertThat(bootstrap().answer(CHALLENGE)).contains(key.answer(CHALLENGE));
    assertThat(secure.resolve("pending")).doesNotExist();
  }

  @Test
  void aTagThatFitsWithAPayloadThatDoesNotIsPassedOver() throws Exception {
    byte[] forged = Payload.encrypt(BootstrapKey.generate(RANDOM), ascii("evil"), RANDOM).bytes();
    post(new UKey(PUBLIC.wrap(shares.u()), key.authTag(ID), Optional.of(new Payload(forged))));
    post(v());
    assertThat(bootstrap().isDone()).isFalse();
    assertThat(events).anyMatch(e -> e instanceof AgentEvent.Refused r && r.what().equals("share"));
    post(u(ascii("the payload")));
    assertThat(secure.resolve("unzipped/decrypted_payload")).hasContent("the payload");
  }

  @Test
  void aShareForAnotherAgentIsRefused() {
    KeyPair other = PrivateKeys.generate(KeyType.RSA_2048);
    byte[] wrapped = PayloadKey.of((RSAPublicKey) other.getPublic()).wrap(shares.v());
    assertThatThrownBy(() -> post(new VKey(wrapped))).isInstanceOf(WireException.class);
  }

  @Test
  void aScriptThatIsConfiguredRunsOnceInThePayloadsDirectory() throws Exception {
    post(u(zip("autorun.sh", "pwd > where; echo run >> runs; exit 3")));
    post(v());
    assertThat(awaitScript()).isEqualTo(new AgentEvent.ScriptRan("autorun.sh", 3));
    assertThat(secure.resolve("unzipped/where")).hasContent(secure.resolve("unzipped").toString());
    restart();
    Thread.sleep(200);
    assertThat(secure.resolve("unzipped/runs")).hasContent("run");
  }

  @Test
  void aHostileArchiveStaysPackedAndRunsNothing() throws Exception {
    post(u(zip("../autorun.sh", "touch /tmp/keystead-owned")));
    post(v());
    assertThat(bootstrap().isDone()).isTrue();
    assertThat(events)
        .anyMatch(e -> e instanceof AgentEvent.Refused r && r.what().equals("payload"));
    assertThat(secure.resolve("autorun.sh")).doesNotExist();
  }

  @Test
  void tenThousandJunkSharesDoNotBlockTheRightOnes() throws Exception {
    UKey right = u(ascii("the payload"));
    byte[] junk = new byte[32];
    post(right);
    for (int i = 0; i < 10_000; i++) {
      RANDOM.nextBytes(junk);
      AuthTag tag = BootstrapKey.adopt(junk.clone()).authTag(ID);
      PostedShare share =
          new PostedShare(
              "tenant",
              dev.keystead.keylime.bootstrap.KeyShare.adopt(junk.clone()),
              i % 2 == 0
                  ? Optional.of(new PostedShare.Owner(tag, new byte[32]))
                  : Optional.empty());
      bootstrap().post(share);
    }
    post(v());
    for (int i = 0; i < 500 && !bootstrap().isDone(); i++) {
      Thread.sleep(20);
    }
    assertThat(bootstrap().answer(CHALLENGE)).contains(key.answer(CHALLENGE));
  }

  private Bootstrap bootstrap() {
    return running.orElseThrow();
  }

  private void restart() {
    running.ifPresent(Bootstrap::close);
    Audit audit = new Audit(events::add);
    running =
        Optional.of(
            new Bootstrap(
                ID,
                NK.getPrivate(),
                secure,
                new Delivery(secure, settings, audit),
                Optional.empty(),
                audit));
  }

  private AgentEvent awaitScript() throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      Optional<AgentEvent> ran =
          events.stream().filter(AgentEvent.ScriptRan.class::isInstance).findFirst();
      if (ran.isPresent()) {
        return ran.get();
      }
      Thread.sleep(20);
    }
    throw new AssertionError("no script ran: " + events);
  }

  private Bootstrap.Outcome post(UKey u) {
    return bootstrap().post("tenant", u);
  }

  private Bootstrap.Outcome post(VKey v) {
    return bootstrap().post("verifier", v);
  }

  private UKey u(byte[] payload) {
    return uOf(key, shares, payload);
  }

  private static UKey uOf(BootstrapKey key, BootstrapKey.Shares shares, byte[] payload) {
    return new UKey(
        PUBLIC.wrap(shares.u()),
        key.authTag(ID),
        Optional.of(Payload.encrypt(key, payload, RANDOM)));
  }

  private VKey v() {
    return new VKey(PUBLIC.wrap(shares.v()));
  }

  private static byte[] zip(String name, String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(ascii(content));
    }
    return bytes.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
