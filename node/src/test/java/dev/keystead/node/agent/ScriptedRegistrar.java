package dev.keystead.node.agent;

import dev.keystead.evidence.json.Limits;
import dev.keystead.http.Endpoint;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpRequest;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.HttpServer;
import dev.keystead.http.ServerConfig;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.Envelope;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.registration.Activation;
import dev.keystead.keylime.registration.ChallengeBlob;
import dev.keystead.keylime.registration.ChallengeSecret;
import dev.keystead.keylime.registration.Registration;
import dev.keystead.keylime.registration.RegistrationReply;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.command.ProtectedCredential;
import dev.keystead.tpm.credential.SoftwareCredential;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** A registrar that makes true credentials, and answers what a test tells it to. */
final class ScriptedRegistrar implements AutoCloseable {
  private final SecureRandom random = new SecureRandom();
  private final Map<String, ChallengeSecret> challenges = new ConcurrentHashMap<>();
  private final Map<String, Registration> proposed = new ConcurrentHashMap<>();
  final Map<String, Registration> active = new ConcurrentHashMap<>();
  final List<Integer> nextStatus = new ArrayList<>();
  private final EventLoops loops = EventLoops.start(1);
  private final HttpServer server;

  ScriptedRegistrar() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = HttpServer.start(loops, ServerConfig.plain(address), this::answer);
  }

  Endpoint endpoint() {
    return Endpoint.plain("127.0.0.1", server.port());
  }

  private synchronized HttpResponse answer(HttpRequest request) {
    List<String> path = request.target().segments();
    if (!nextStatus.isEmpty()) {
      int status = nextStatus.removeFirst();
      return reply(Envelope.error(status, "told to"));
    }
    String id = path.get(2);
    if (request.method().equals("POST")) {
      Registration registration = Registration.parse(Message.parse(request.body(), Limits.WIRE));
      ChallengeSecret secret = ChallengeSecret.generate(random);
      ProtectedCredential credential =
          SoftwareCredential.make(
              registration.ek().orElseThrow(),
              Secret.of(secret.copy()),
              registration.ak().name(),
              random);
      challenges.put(id, secret);
      proposed.put(id, registration);
      ChallengeBlob blob = new ChallengeBlob(credential.idObject(), credential.encryptedSecret());
      return reply(Envelope.success(new RegistrationReply(blob).toJson()));
    }
    Activation proof = Activation.parse(Message.parse(request.body(), Limits.WIRE));
    ChallengeSecret secret = Objects.requireNonNull(challenges.get(id));
    if (!proof.authTag().equals(secret.authTag(AgentId.of(id)))) {
      return reply(Envelope.error(400, "wrong tag"));
    }
    active.put(id, Objects.requireNonNull(proposed.get(id)));
    return reply(Envelope.success());
  }

  private static HttpResponse reply(Envelope envelope) {
    return HttpResponse.of(envelope.code(), "application/json", envelope.toBytes());
  }

  @Override
  public void close() {
    server.close();
    loops.close();
  }
}
