package dev.keystead.cli.tao;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.Tao;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keystead tao measurement}. */
@Command(name = "measurement", description = "What the host has measured this program to be.")
final class TaoMeasurementCommand implements Callable<Integer> {
  @Mixin private TaoCommand.HostOption host;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    Measurement measurement = host.ask(Tao::getHostedMeasurement);
    output.print(
        Json.object().put("measurement", measurement.hex()).build(), List.of(measurement.hex()));
    return ExitCode.TRUSTED;
  }
}
