package dev.keystead.node.revocation;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.Pem;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.revocation.Revocation;
import dev.keystead.keylime.revocation.SignedRevocation;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.AgentException;
import dev.keystead.node.Audit;
import dev.keystead.tpm.structure.HashAlg;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Revocations of other agents (duties, Agent 3): each one whose signature is good and which is
 * fresh is acted on once, in the order of arrival. It is written into the secure directory before
 * it is acknowledged, and acted on again when the agent is killed in the middle.
 */
public final class RevocationInbox implements AutoCloseable {
  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);
  private static final Limits LIMITS = Limits.WIRE.withBytes(256 << 10);
  private static final String CERTIFICATE = "RevocationNotifier-cert.crt";
  private static final int MAX_WAITING = 256;

  private final ActionSettings settings;
  private final Path payload;
  private final Path queue;
  private final InstantSource clock;
  private final Audit audit;
  private final SeenRevocations seen;
  private final BlockingQueue<Path> waiting = new LinkedBlockingQueue<>();
  private final Thread worker;
  private long arrivals;

  /**
   * Goes on where an earlier process of this boot was.
   *
   * @param secure the secure directory
   * @param payload where the payload is unpacked, with the certificate and perhaps actions
   */
  public RevocationInbox(
      ActionSettings settings, Path secure, Path payload, InstantSource clock, Audit audit) {
    this.settings = settings;
    this.payload = payload;
    this.queue = secure.resolve("revocations");
    this.clock = clock;
    this.audit = audit;
    try {
      PrivateFiles.folder(queue);
      seen = new SeenRevocations(secure.resolve("revocations-seen"));
      recover();
    } catch (IOException e) {
      throw new AgentException("the secure directory cannot be used: " + e.getMessage(), e);
    }
    Actions actions = new Actions(settings, payload, audit);
    worker = Thread.ofVirtual().name("keystead-revocation").start(() -> work(actions));
  }

  /**
   * Takes a message from the wire. One that is refused is an audit event and nothing else: the
   * sender is not told, as Keylime's agents do not tell it either (section 6).
   *
   * @throws AgentException when it is good and cannot be written down, or too many wait
   */
  public synchronized void take(SignedRevocation message) {
    Revocation revocation;
    String digest = digest(message);
    try {
      revocation = message.verify(notifierKey());
      requireFresh(revocation);
    } catch (WireException e) {
      audit.refused("revocation", String.valueOf(e.getMessage()));
      return;
    }
    if (seen.contains(digest)) {
      audit.refused("revocation", "it has been acted on before");
      return;
    }
    if (waiting.size() >= MAX_WAITING) {
      throw new AgentException("too many revocations wait");
    }
    try {
      Path file = queue.resolve("%019d-%s.json".formatted(arrivals++, digest));
      PrivateFiles.write(file, sorted(message.msg()).toBytes());
      seen.add(digest);
      audit.happened(new AgentEvent.RevocationTaken(revocation.about().value()));
      waiting.add(file);
    } catch (IOException e) {
      throw new AgentException("a revocation cannot be written down: " + e.getMessage(), e);
    }
  }

  private void recover() throws IOException {
    try (var files = Files.list(queue)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.matches("[0-9]{19}-[0-9a-f]{64}\\.json")) {
          arrivals = Long.parseLong(name.substring(0, 19)) + 1;
          seen.add(name.substring(20, 84));
          waiting.add(file);
        }
      }
    }
  }

  private void work(Actions actions) {
    try {
      while (true) {
        Path file = waiting.take();
        try {
          actions.run(file);
          Files.deleteIfExists(file);
        } catch (IOException e) {
          audit.refused("action", "the actions cannot be run: " + e.getMessage());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private PublicKey notifierKey() {
    Path file = payload.resolve(CERTIFICATE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new WireException(
          WireException.Reason.NOT_AUTHENTIC, "no payload has brought " + CERTIFICATE);
    }
    try {
      String pem = new String(PrivateFiles.read(file, Pem.MAX_TEXT), StandardCharsets.US_ASCII);
      return Certificates.oneFromPem(pem).getPublicKey();
    } catch (IOException | CredentialException e) {
      throw new WireException(
          WireException.Reason.NOT_AUTHENTIC, CERTIFICATE + " cannot be read", e);
    }
  }

  private void requireFresh(Revocation revocation) {
    Instant time;
    try {
      time =
          revocation
              .order()
              .map(Revocation.Order::time)
              .orElseGet(() ->
                  LocalDateTime.parse(revocation.eventTime(), ASCTIME).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      throw WireException.malformed("event_time", "is not as asctime writes it");
    }
    Duration age = Duration.between(time, clock.instant());
    if (age.abs().compareTo(settings.fresh()) > 0) {
      throw new WireException(
          WireException.Reason.NOT_AUTHENTIC, "event_time: is not fresh, it is off by " + age);
    }
  }

  private static String digest(SignedRevocation message) {
    byte[] text = message.msg().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(HashAlg.SHA256.hash(text));
  }

  /** The message with its names in order: what an action is given. */
  private static Json sorted(String msg) {
    return sorted(Message.parseText(msg, LIMITS, "msg"));
  }

  private static Json sorted(Json value) {
    return switch (value) {
      case Json.Obj object -> {
        TreeMap<String, Json> members = new TreeMap<>();
        object.members().forEach((name, member) -> members.put(name, sorted(member)));
        yield Json.object(members);
      }
      case Json.Arr array ->
          Json.array(array.items().stream().map(RevocationInbox::sorted).toList());
      default -> value;
    };
  }

  /** Stops; what waits is acted on when the agent starts again. */
  @Override
  public void close() {
    worker.interrupt();
  }
}
