package dev.keystead.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs the benchmarks that are named, or all. */
public final class Main {
  // A strong reference: a level that is set on a logger nobody holds is forgotten.
  private static final Logger LOG = Logger.getLogger("dev.keystead");

  private Main() {}

  private interface Benchmark {
    void run() throws Exception;
  }

  private static Map<String, Benchmark> benchmarks() {
    Map<String, Benchmark> all = new LinkedHashMap<>();
    all.put("quote", () -> Microbenchmarks.run(QuoteBench.class, QuoteBench.RATIOS));
    all.put("ima", () -> Microbenchmarks.run(ImaReplayBench.class, ImaReplayBench.RATIOS));
    all.put("seal", () -> Microbenchmarks.run(SealBench.class, SealBench.RATIOS));
    all.put("attest", () -> Microbenchmarks.run(AttestBench.class, AttestBench.RATIOS));
    all.put("launch", LaunchRun::run);
    all.put("host", HostRun::run);
    all.put("bootstrap", BootstrapRun::run);
    all.put("attestation", AttestationRun::run);
    all.put("agent", AgentRun::run);
    return all;
  }

  /** Runs those that are named, all if none is. */
  public static void main(String[] arguments) throws Exception {
    Map<String, Benchmark> all = benchmarks();
    List<String> names = arguments.length > 0 ? List.of(arguments) : List.copyOf(all.keySet());
    if (!all.keySet().containsAll(names)) {
      throw new IllegalArgumentException("the benchmarks are " + String.join(", ", all.keySet()));
    }
    quiet();
    System.out.println(Machine.words());
    for (String name : all.keySet()) {
      if (names.contains(name)) {
        all.get(name).run();
      }
    }
  }

  /** Keeps what is expected here out of the way of the figures. */
  static void quiet() {
    LOG.setLevel(Level.SEVERE);
  }

  /** Prints a line. */
  static void line(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format + "%n", arguments);
  }
}
