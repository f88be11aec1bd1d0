package dev.keystead.bench;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the microbenchmarks and prints each with its CPU time. */
public final class Main {
  private Main() {}

  /** Runs those whose names match the arguments, or all. */
  public static void main(String[] arguments) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    for (String name : arguments) {
      options.include(name);
    }
    Collection<RunResult> results =
        new Runner(
                options
                    .mode(Mode.AverageTime)
                    .forks(2)
                    .warmupIterations(3)
                    .warmupTime(TimeValue.seconds(2))
                    .measurementIterations(5)
                    .measurementTime(TimeValue.seconds(2))
                    .addProfiler(CpuTime.class)
                    .jvmArgsAppend("--enable-native-access=ALL-UNNAMED")
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    System.out.printf("%-44s %-12s %12s %12s%n", "benchmark", "of", "cpu us/op", "spread us");
    results.stream()
        .sorted(Comparator.comparing(result -> result.getParams().getBenchmark()))
        .forEach(Main::print);
  }

  private static void print(RunResult result) {
    Result<?> cpu =
        Objects.requireNonNull(
            result.getAggregatedResult().getSecondaryResults().get(CpuTime.LABEL));
    var parameters = result.getParams();
    String of =
        String.join(" ", parameters.getParamsKeys().stream().map(parameters::getParam).toList());
    String name = parameters.getBenchmark().replaceFirst("^.*\\.(\\w+\\.\\w+)$", "$1");
    System.out.printf(
        Locale.ROOT,
        "%-44s %-12s %12.2f %12.2f%n",
        name,
        of,
        cpu.getScore(),
        cpu.getStatistics().getMax() - cpu.getStatistics().getMin());
  }
}
