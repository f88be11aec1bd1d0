package dev.keystead.bench;

import dev.keystead.control.verifier.Timing;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.agent.Agent;
import dev.keystead.tenant.AddRequest;
import dev.keystead.tenant.Endorsement;
import dev.keystead.tenant.PayloadSource;
import dev.keystead.tenant.PolicySource;
import dev.keystead.tenant.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * From {@code node add} to the decrypted payload in the agent's secure directory, wall-clock time
 * in one process that is warm: registrar, verifier, owner and three nodes in turn, over TLS on the
 * loopback interface, each with an embedded TPM. Beside it the time of the TPM's commands in that
 * span.
 */
final class BootstrapRun {
  private static final int NODES = 3;
  private static final int WARM_UP = 100;
  private static final int RUNS = 30;
  private static final double FACTOR = 1.5;
  private static final double MILLIS = 20;

  private final BenchFolder folder;
  private final ControlPlane control;
  private final Path list;
  private final Path policy;

  /** One bootstrap. */
  private record Span(Instant start, Duration took, Map<Progress.Stage, Duration> stages) {}

  private BootstrapRun(BenchFolder folder, ControlPlane control) throws Exception {
    this.folder = folder;
    this.control = control;
    GeneratedList made = GeneratedList.of(30, 30);
    list = Files.write(folder.path().resolve("list"), made.ascii());
    policy = Files.write(folder.path().resolve("policy.json"), made.policy());
  }

  static void run() throws Exception {
    for (CryptoProvider provider : CryptoProvider.values()) {
      provider.install();
      run(provider);
    }
  }

  private static void run(CryptoProvider provider) throws Exception {
    try (BenchFolder folder = BenchFolder.make();
        ControlPlane control = new ControlPlane(folder.path(), Timing.DEFAULT, event -> {})) {
      BootstrapRun run = new BootstrapRun(folder, control);
      Path file = Files.writeString(folder.path().resolve("secret"), "x".repeat(1024));
      run.measure(provider + ", a file of 1 KiB", new PayloadSource.SingleFile(file));
      run.measure(
          provider + ", a certificate package",
          new PayloadSource.CertificatePackage(folder.path().resolve("owner"), List.of()));
    }
  }

  private void measure(String words, PayloadSource payload) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      bootstrap(i, payload);
    }
    List<Span> spans = new ArrayList<>();
    List<TpmTime.Call> calls;
    try (TpmTime tpm = new TpmTime()) {
      for (int i = 0; i < RUNS; i++) {
        spans.add(bootstrap(i, payload));
      }
      calls = tpm.calls(folder.path().resolve("tpm.jfr"));
    }
    report(words, spans, calls);
  }

  private Span bootstrap(int number, PayloadSource payload) throws Exception {
    AgentId id = AgentId.of("node-" + number % NODES);
    CompletableFuture<Long> delivered = new CompletableFuture<>();
    BenchNode node = new BenchNode(id, folder.path(), list, control.registrarPort());
    try (Agent agent =
        node.start(event -> {
          if (event instanceof AgentEvent.Bootstrapped) {
            delivered.complete(System.nanoTime());
          }
        })) {
      Map<Progress.Stage, Duration> stages = new EnumMap<>(Progress.Stage.class);
      Instant start = Instant.now();
      long begun = System.nanoTime();
      control
          .tenant()
          .add(
              new AddRequest(
                  id,
                  payload,
                  PolicySource.ofRuntime(policy),
                  new Endorsement.Unendorsed(),
                  AcceptLists.DEFAULT,
                  Optional.empty()),
              (stage, detail, took) -> stages.put(stage, took));
      long ended = delivered.get(1, TimeUnit.MINUTES);
      if (!Files.isRegularFile(agent.payload().resolve("decrypted_payload"))) {
        throw new IllegalStateException("the payload is not there");
      }
      control.tenant().delete(id, false);
      return new Span(start, Duration.ofNanos(ended - begun), stages);
    }
  }

  private static void report(String words, List<Span> spans, List<TpmTime.Call> calls) {
    List<TpmTime.Sum> tpm =
        spans.stream()
            .map(span -> TpmTime.sum(calls, span.start(), span.start().plus(span.took())))
            .toList();
    Main.line("%nBootstrap, %s, %d runs after %d", words, RUNS, WARM_UP);
    Main.line("  node add to payload       %s", Spread.of(spans.stream().map(Span::took)));
    Main.line(
        "  %2d TPM commands           %s",
        tpm.getFirst().commands(), Spread.of(tpm.stream().map(TpmTime.Sum::sum)));
    for (Progress.Stage stage : spans.getFirst().stages().keySet()) {
      Main.line(
          "    %-22s  %s",
          stage.name().toLowerCase(java.util.Locale.ROOT),
          Spread.of(spans.stream().map(span -> span.stages().getOrDefault(stage, Duration.ZERO))));
    }
    double took = Spread.of(spans.stream().map(Span::took)).median();
    double limit = FACTOR * Spread.of(tpm.stream().map(TpmTime.Sum::sum)).median() + MILLIS;
    Main.line(
        "  %.1f ms, target 1.5 x TPM + 20 ms = %.1f ms: %s",
        took, limit, took <= limit ? "met" : "MISSED");
  }
}
