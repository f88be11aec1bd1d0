package dev.keystead.bench;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the methods of one class with JMH, and prints their CPU time and its ratios. */
final class Microbenchmarks {
  private Microbenchmarks() {}

  static void run(Class<?> benchmarks, List<Ratio> ratios) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include("\\." + benchmarks.getSimpleName() + "\\.")
            .mode(Mode.AverageTime)
            .forks(2)
            .warmupIterations(2)
            .warmupTime(TimeValue.seconds(3))
            .measurementIterations(5)
            .measurementTime(TimeValue.seconds(1))
            .addProfiler(CpuTime.class)
            .jvmArgsAppend("--enable-native-access=ALL-UNNAMED")
            .verbosity(VerboseMode.SILENT)
            .build();
    Map<String, Map<String, Result<?>>> byParameters = new TreeMap<>();
    for (RunResult result : new Runner(options).run()) {
      byParameters
          .computeIfAbsent(parameters(result), _ -> new TreeMap<>())
          .put(name(result), cpu(result));
    }
    Main.line(
        "%n%s: CPU time per operation, median and range of 10 seconds in 2 processes",
        benchmarks.getSimpleName());
    byParameters.forEach((parameters, results) -> {
      results.forEach((name, cpu) -> print(parameters, name, cpu));
      ratios.forEach(ratio ->
          Main.line(
              "  %-12s %-14s %s",
              parameters,
              ratio.benchmark(),
              ratio.words(median(results, ratio.benchmark()), median(results, ratio.bare()))));
    });
  }

  private static String parameters(RunResult result) {
    var parameters = result.getParams();
    return String.join(" ", parameters.getParamsKeys().stream().map(parameters::getParam).toList());
  }

  private static String name(RunResult result) {
    return result.getParams().getBenchmark().replaceFirst("^.*\\.", "");
  }

  private static Result<?> cpu(RunResult result) {
    return Objects.requireNonNull(
        result.getAggregatedResult().getSecondaryResults().get(CpuTime.LABEL));
  }

  private static double median(Map<String, Result<?>> results, String name) {
    return Objects.requireNonNull(results.get(name), name).getStatistics().getPercentile(50);
  }

  private static void print(String parameters, String name, Result<?> cpu) {
    var statistics = cpu.getStatistics();
    Main.line(
        "  %-12s %-14s %10.2f us (%.2f to %.2f)",
        parameters, name, statistics.getPercentile(50), statistics.getMin(), statistics.getMax());
  }
}
