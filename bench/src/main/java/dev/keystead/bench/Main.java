package dev.keystead.bench;

import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs the benchmarks that are named, or all. */
public final class Main {
  // A strong reference: a level that is set on a logger nobody holds is forgotten.
  private static final Logger LOG = Logger.getLogger("dev.keystead");

  private Main() {}

  /**
   * Runs {@code quote}, {@code ima}, {@code seal}, {@code bootstrap}, {@code attestation}, {@code
   * attest}, {@code launch}.
   */
  public static void main(String[] arguments) throws Exception {
    List<String> names =
        arguments.length > 0
            ? List.of(arguments)
            : List.of("quote", "ima", "seal", "bootstrap", "attestation", "attest", "launch");
    quiet();
    System.out.println(Machine.words());
    for (String name : names) {
      switch (name) {
        case "quote" -> Microbenchmarks.run(QuoteBench.class, QuoteBench.RATIOS);
        case "ima" -> Microbenchmarks.run(ImaReplayBench.class, ImaReplayBench.RATIOS);
        case "seal" -> Microbenchmarks.run(SealBench.class, SealBench.RATIOS);
        case "attest" -> Microbenchmarks.run(AttestBench.class, AttestBench.RATIOS);
        case "bootstrap" -> BootstrapRun.run();
        case "attestation" -> AttestationRun.run();
        case "launch" -> LaunchRun.run();
        default ->
            throw new IllegalArgumentException(
                "'%s' is none of quote, ima, seal, bootstrap, attestation, attest, launch"
                    .formatted(name));
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
