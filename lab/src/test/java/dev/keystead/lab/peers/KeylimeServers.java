package dev.keystead.lab.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Keylime's registrar and verifier on loopback, which can be stopped and started again. */
final class KeylimeServers implements AutoCloseable {
  private final Installed keylime = Installed.servers();
  private final Path home;
  private final Settings settings;
  private final Places places;
  private final Deque<Background> running = new ArrayDeque<>();

  /** Writes their configuration: an attestation each second, a node is given up after two tries. */
  KeylimeServers(Path home) throws IOException, InterruptedException {
    this.home = home;
    settings = Settings.of(keylime, home);
    List<Integer> ports = Background.freePorts(3);
    Path work = Files.createDirectories(home.resolve("dir"));
    places = new Places(work, ports.get(0), ports.get(1), ports.get(2));
    settings
        .set("registrar", "port", Integer.toString(places.registration()))
        .set("registrar", "tls_port", Integer.toString(places.registrar()))
        .set("verifier", "port", Integer.toString(places.verifier()))
        .set("verifier", "quote_interval", "1")
        .set("verifier", "retry_interval", "1")
        .set("verifier", "max_retries", "2")
        .set("verifier", "num_workers", "1")
        .set("verifier", "exponential_backoff", "False");
  }

  Settings settings() {
    return settings;
  }

  Places places() {
    return places;
  }

  Path work() {
    return home.resolve("dir");
  }

  /** Starts both; the verifier makes the authority at its first start. */
  KeylimeServers start() throws IOException, InterruptedException {
    background("keylime_verifier").awaitListening(places.verifier());
    background("keylime_registrar").awaitListening(places.registrar());
    return this;
  }

  private Background background(String program) throws IOException {
    Command command = Command.environment(settings.environment(work())).in(work());
    Background started =
        new Background(command, List.of(keylime.program(program)), home.resolve(program + ".log"));
    running.push(started);
    return started;
  }

  /** Stops both. */
  @Override
  public void close() {
    while (!running.isEmpty()) {
      running.pop().close();
    }
  }
}
