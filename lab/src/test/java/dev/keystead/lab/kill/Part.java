package dev.keystead.lab.kill;

import dev.keystead.control.ControlIdentity;
import dev.keystead.control.registrar.Registrar;
import dev.keystead.control.registrar.RegistrarConfig;
import dev.keystead.control.verifier.Timing;
import dev.keystead.control.verifier.Verifier;
import dev.keystead.control.verifier.VerifierConfig;
import dev.keystead.http.Endpoint;
import dev.keystead.http.EventLoops;
import dev.keystead.keylime.AgentId;
import dev.keystead.node.agent.Agent;
import dev.keystead.node.agent.AgentConfig;
import dev.keystead.node.agent.AgentName;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The program of each process: the real registrar, verifier or agent with the times of a test. What
 * it has done it prints, an event a line; the test reads these lines also after its death.
 */
final class Part {
  static final Duration INTERVAL = Duration.ofMillis(200);

  private Part() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args[1]);
    AutoCloseable _ =
        switch (args[0]) {
          case "registrar" -> registrar(folder, port(args[2]), port(args[3]));
          case "verifier" -> verifier(folder, port(args[2]));
          case "agent" ->
              agent(
                  folder,
                  args[2],
                  TpmAddress.parse(args[3]),
                  port(args[4]),
                  port(args[5]),
                  Path.of(args[6]));
          default -> throw new IllegalArgumentException(args[0]);
        };
    say("started");
    Thread.currentThread().join();
  }

  private static Registrar registrar(Path folder, int plain, int tls) throws IOException {
    ControlIdentity identity = identity(folder);
    return Registrar.start(
        RegistrarConfig.of(
                local(plain),
                local(tls),
                identity.server(),
                identity.trust(),
                folder.resolve("registrar.db"))
            .listening(Part::say),
        EventLoops.start(1));
  }

  private static Verifier verifier(Path folder, int port) throws IOException {
    ControlIdentity identity = identity(folder);
    Timing timing =
        Timing.DEFAULT
            .every(INTERVAL)
            .answering(Duration.ofSeconds(10), 12, Duration.ofMillis(100))
            .telling(Duration.ofSeconds(2), Duration.ofMillis(500), Duration.ofHours(1));
    return Verifier.start(
        VerifierConfig.of(
                local(port),
                identity.server(),
                identity.client(),
                identity.trust(),
                folder.resolve("verifier.db"))
            .with(timing)
            .listening(Part::say),
        EventLoops.start(1));
  }

  private static Agent agent(
      Path folder, String name, TpmAddress tpm, int port, int registrarPort, Path secure) {
    Path home = folder.resolve(name);
    return Agent.start(
        AgentConfig.of(
                new AgentName.Fixed(AgentId.of(name)),
                home.resolve("work"),
                "127.0.0.1",
                Endpoint.plain("127.0.0.1", registrarPort),
                folder.resolve("cv_ca/cacert.crt"))
            .with(new AgentConfig.Tpm(tpm, Optional.of(folder.resolve("maker"))))
            .with(new AgentConfig.Listen(InetAddress.getLoopbackAddress(), port))
            .with(new AgentConfig.Logs(home.resolve("ima"), home.resolve("no-boot-log"), true))
            .with(new AgentConfig.Secure(Optional.of(secure), 1, false))
            .with(new AgentConfig.Retry(Duration.ofMillis(50), Duration.ofMillis(400)))
            .with(Part::say));
  }

  private static ControlIdentity identity(Path folder) throws IOException {
    return ControlIdentity.open(folder.resolve("cv_ca"), InstantSource.system());
  }

  private static InetSocketAddress local(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static int port(String text) {
    return Integer.parseInt(text);
  }

  private static void say(Object event) {
    synchronized (System.out) {
      System.out.println(event);
      System.out.flush();
    }
  }
}
