package dev.keystead.cli.tpm;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.command.Capability;
import dev.keystead.tpm.property.TpmProperties;
import dev.keystead.tpm.structure.PcrSelection;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keystead tpm properties}. */
@Command(name = "properties", description = "Who made the TPM, and what it can do.")
final class TpmPropertiesCommand implements Callable<Integer> {
  @Mixin private TpmCommand.Device device;
  @Mixin private OutputFormat output;

  private record Seen(TpmProperties properties, PcrSelection pcrs) {
    static Seen read(Tpm tpm) throws TpmException {
      return new Seen(TpmProperties.read(tpm), tpm.execute(new Capability.Pcrs()));
    }

    List<String> banks() {
      return pcrs.banks().stream().filter(b -> b.mask() != 0).map(b -> b.alg().label()).toList();
    }
  }

  @Override
  public Integer call() {
    Seen seen = device.read(Seen::read);
    TpmProperties properties = seen.properties();
    String firmware = "%016x".formatted(properties.firmwareVersion());
    output.print(
        Json.object()
            .put("manufacturer", properties.manufacturer())
            .put("vendor", properties.vendorString())
            .put("family", properties.family())
            .put("specification", properties.specification())
            .put("firmwareVersion", firmware)
            .put("software", properties.isSoftware())
            .put("banks", Json.strings(seen.banks()))
            .build(),
        List.of(
            "manufacturer:  " + properties.manufacturer(),
            "vendor:        " + properties.vendorString(),
            "family:        " + properties.family(),
            "specification: " + properties.specification(),
            "firmware:      " + firmware,
            "software TPM:  " + (properties.isSoftware() ? "yes" : "it does not say so"),
            "PCR banks:     " + String.join(", ", seen.banks())));
    return ExitCode.TRUSTED;
  }
}
