package dev.keystead.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.keystead.control.ControlEvent;
import dev.keystead.control.verifier.Timing;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.tenant.AddRequest;
import dev.keystead.tenant.Endorsement;
import dev.keystead.tenant.PayloadSource;
import dev.keystead.tenant.PolicySource;
import dev.keystead.tenant.Progress;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * A verifier's CPU time for one attestation over kept-alive mutual TLS. The agents are in another
 * process; this one holds the verifier, and a registrar and an owner that are idle, so the CPU time
 * of the whole process, compiler and collector included, divided by the attestations is the figure.
 * All nodes run what their policy lists, and nothing new.
 */
final class AttestationRun {
  private static final int NODES = 16;
  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final int WARM_UP_SECONDS = 20;
  private static final int SLICES = 5;
  private static final int SLICE_SECONDS = 4;

  private final LongAdder passed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private AttestationRun() {}

  static void run() throws Exception {
    for (CryptoProvider provider : CryptoProvider.values()) {
      provider.install();
      for (int digests : new int[] {30, 20_000}) {
        new AttestationRun().measure(provider, digests);
      }
    }
  }

  private void measure(CryptoProvider provider, int digests) throws Exception {
    try (BenchFolder folder = BenchFolder.make();
        ControlPlane control =
            new ControlPlane(folder.path(), Timing.DEFAULT.every(INTERVAL), this::heard)) {
      GeneratedList made = GeneratedList.of(digests, digests);
      Path list = Files.write(folder.path().resolve("list"), made.ascii());
      Path policy = Files.write(folder.path().resolve("policy.json"), made.policy());
      try (NodeProcess nodes =
          NodeProcess.start(folder.path(), list, control.registrarPort(), NODES)) {
        for (AgentId id : nodes.ids()) {
          control.tenant().add(request(id, policy), Progress.NONE);
        }
        Thread.sleep(Duration.ofSeconds(WARM_UP_SECONDS));
        report(provider, digests, Files.size(policy), slices());
      }
    }
  }

  private static AddRequest request(AgentId id, Path policy) {
    return new AddRequest(
        id,
        new PayloadSource.None(),
        PolicySource.ofRuntime(policy),
        new Endorsement.Unendorsed(),
        AcceptLists.DEFAULT,
        Optional.empty());
  }

  private void heard(ControlEvent event) {
    switch (event) {
      case ControlEvent.Passed _ -> passed.increment();
      case ControlEvent.Failed _, ControlEvent.NotReached _ -> failed.increment();
      default -> {}
    }
  }

  private List<Duration> slices() throws InterruptedException {
    long start = passed.sum();
    List<Duration> slices = new ArrayList<>();
    for (int i = 0; i < SLICES; i++) {
      long before = passed.sum();
      long cpu = system.getProcessCpuTime();
      Thread.sleep(Duration.ofSeconds(SLICE_SECONDS));
      long used = system.getProcessCpuTime() - cpu;
      slices.add(Duration.ofNanos(used / Math.max(1, passed.sum() - before)));
    }
    if (failed.sum() > 0 || passed.sum() - start < NODES) {
      throw new IllegalStateException(
          "%d attestations failed, %d passed".formatted(failed.sum(), passed.sum()));
    }
    return slices;
  }

  private void report(
      CryptoProvider provider, int digests, long policyBytes, List<Duration> slices) {
    Main.line(
        "%nVerifier's CPU per attestation, %s, policy of %d digests (%d bytes), %d nodes, every %d ms",
        provider, digests, policyBytes, NODES, INTERVAL.toMillis());
    Main.line("  %s", Spread.of(slices.stream()));
  }
}
