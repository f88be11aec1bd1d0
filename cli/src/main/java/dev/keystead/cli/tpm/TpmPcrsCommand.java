package dev.keystead.cli.tpm;

import dev.keystead.cli.Banks;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.cli.evidence.PcrView;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.command.Capability;
import dev.keystead.tpm.property.PcrValues;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keystead tpm pcrs}. */
@Command(name = "pcrs", description = "The values of the PCRs.")
final class TpmPcrsCommand implements Callable<Integer> {
  @Mixin private TpmCommand.Device device;

  @Option(
      names = "--banks",
      paramLabel = "BANK[,BANK]",
      converter = Banks.class,
      description = "Only these banks (default: all that the TPM has).")
  private @Nullable Banks banks;

  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    Map<HashAlg, NavigableMap<Integer, Digest>> values = device.read(this::values);
    output.print(PcrView.json(values), PcrView.lines(values));
    return ExitCode.TRUSTED;
  }

  private Map<HashAlg, NavigableMap<Integer, Digest>> values(Tpm tpm) throws TpmException {
    Banks wanted = banks;
    List<PcrSelection.Bank> selected =
        tpm.execute(new Capability.Pcrs()).banks().stream()
            .filter(bank -> wanted == null || wanted.algorithms().contains(bank.alg()))
            .toList();
    return PcrValues.read(tpm, new PcrSelection(selected)).banks();
  }
}
