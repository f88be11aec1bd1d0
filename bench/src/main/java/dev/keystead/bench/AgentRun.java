package dev.keystead.bench;

import dev.keystead.control.verifier.Timing;
import dev.keystead.http.ClientLimits;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.Endpoint;
import dev.keystead.http.HttpClient;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.tls.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What an agent costs its machine, held against the figures that were recorded of Keylime's Rust
 * agent with the same TPM: start, memory, CPU for a quote over a kept connection, and how long a
 * quote takes over a new one.
 */
final class AgentRun {
  private static final int STARTS = 5;
  private static final int WARM_UP = 1000;
  private static final int QUOTES = 1000;
  private static final int CONNECTIONS = 100;
  private static final int ENTRIES = 30;

  private AgentRun() {}

  static void run() throws Exception {
    try (BenchFolder folder = BenchFolder.make();
        ControlPlane control = new ControlPlane(folder.path(), Timing.DEFAULT, event -> {})) {
      Path list =
          Files.write(folder.path().resolve("list"), GeneratedList.of(ENTRIES, ENTRIES).ascii());
      for (String keys : List.of("rsa2048", "ecc256")) {
        measure(folder.path(), control, list, keys);
      }
    }
  }

  private static void measure(Path folder, ControlPlane control, Path list, String keys)
      throws Exception {
    Main.line("%nAn agent with %s keys, TPM in another process (swtpm)", keys);
    List<Duration> again = new ArrayList<>();
    for (int i = 0; i <= STARTS; i++) {
      try (AgentProcess agent = AgentProcess.start(folder, list, keys, control.registrarPort())) {
        if (i == 0) {
          Main.line(
              "  first start to activated %d ms (target 800; Rust agent 300)",
              agent.untilActivated().toMillis());
        } else if (i < STARTS) {
          again.add(agent.untilActivated());
        } else {
          again.add(agent.untilActivated());
          Main.line(
              "  later starts to activated: %s (Rust agent 90 ms)", Spread.of(again.stream()));
          quotes(control, agent);
        }
      }
    }
  }

  private static void quotes(ControlPlane control, AgentProcess agent) throws Exception {
    Endpoint endpoint = control.agent(agent.port(), Certificates.oneFromPem(agent.certificate()));
    Main.line("  resident idle %.1f MB (target 95; Rust agent 17.7)", agent.resident());
    try (HttpClient client = HttpClient.open(control.loops(), ClientLimits.defaults())) {
      Main.line(
          "  the first %d quotes, kept connection: %s",
          WARM_UP, batch(client, endpoint, agent, WARM_UP));
      Main.line(
          "  the next %d quotes, kept connection: %s (target 1.18 ms of CPU; Rust agent 5.9, taking 7.8)",
          QUOTES, batch(client, endpoint, agent, QUOTES));
    }
    Main.line(
        "  resident after %d quotes %.1f MB (target 95; Rust agent 18.9)",
        WARM_UP + QUOTES, agent.resident());
    List<Duration> times = new ArrayList<>();
    Duration before = agent.cpu();
    for (int i = 0; i < CONNECTIONS; i++) {
      try (HttpClient client = HttpClient.open(control.loops(), ClientLimits.defaults())) {
        times.add(quote(client, endpoint));
      }
    }
    Main.line(
        "  %d quotes, each over a new TLS 1.3 connection: %s, CPU %.2f ms a quote (target 14.7 ms; Rust agent 44, CPU 7.5)",
        CONNECTIONS,
        Spread.of(times.stream()),
        agent.cpu().minus(before).toNanos() / 1e6 / CONNECTIONS);
  }

  private static String batch(HttpClient client, Endpoint endpoint, AgentProcess agent, int quotes)
      throws Exception {
    List<Duration> times = new ArrayList<>();
    Duration before = agent.cpu();
    for (int i = 0; i < quotes; i++) {
      times.add(quote(client, endpoint));
    }
    double cpu = agent.cpu().minus(before).toNanos() / 1e6 / quotes;
    return "CPU %.2f ms a quote, %s".formatted(cpu, Spread.of(times.stream()));
  }

  private static Duration quote(HttpClient client, Endpoint endpoint) throws Exception {
    String target =
        "/v2.2/quotes/integrity?nonce=%s&mask=0x400&partial=1&ima_ml_entry=%d"
            .formatted(Long.toString(System.nanoTime(), 36) + "0000000000", ENTRIES);
    long started = System.nanoTime();
    HttpResponse response = client.exchange(endpoint, ClientRequest.get(target));
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    if (response.status() != 200) {
      throw new IllegalStateException("a quote was answered with " + response.status());
    }
    return took;
  }
}
