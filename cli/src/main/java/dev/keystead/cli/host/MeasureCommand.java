package dev.keystead.cli.host;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.node.host.setup.PolicyKeyFile;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.launch.MeasuredProgram;
import dev.keystead.tao.launch.Measurer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keystead measure}. */
@Command(
    name = "measure",
    description = {
      "The measurement of a program, as a host with this policy key computes it; nothing is run.",
      "It covers the image with its loader and libraries, arguments, environment, user, groups and"
          + " confinement (docs/launching.md): give the same ones as for keystead run."
    })
public final class MeasureCommand implements Callable<Integer> {
  @Option(
      names = "--policy-key",
      paramLabel = "FILE",
      defaultValue = "/var/lib/keystead/host/policy-key.pem",
      description = "The policy key, PEM (default: ${DEFAULT-VALUE}).")
  private Path policyKey;

  @Mixin private ProgramOptions program;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    try (MeasuredProgram measured =
        new Measurer(PolicyKeyFile.read(policyKey)).measure(program.spec())) {
      Measurement measurement = measured.measurement();
      output.print(
          Json.object().put("measurement", measurement.hex()).build(), List.of(measurement.hex()));
      return ExitCode.TRUSTED;
    } catch (TaoException e) {
      throw CommandException.unreadable(String.valueOf(e.getMessage()));
    }
  }
}
