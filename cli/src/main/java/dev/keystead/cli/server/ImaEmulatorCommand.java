package dev.keystead.cli.server;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.tpm.TpmCommand;
import dev.keystead.node.ima.ImaEmulator;
import dev.keystead.node.ima.MeasurementFile;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code keystead ima-emulator}: extends a real TPM's PCR 10 from a list file. */
@Command(
    name = "ima-emulator",
    description = {
      "Do what the kernel's IMA does to a TPM, from a list file that grows: extend PCR 10 of every"
          + " bank with each entry. For machines whose kernel has no IMA, and for tests: what such"
          + " a list says, nobody has measured."
    })
public final class ImaEmulatorCommand implements Callable<Integer> {
  @Option(
      names = "--ima-list",
      required = true,
      paramLabel = "FILE",
      description = "The list, in the kernel's ASCII form.")
  private Path list;

  @Option(
      names = "--tpm",
      paramLabel = "ADDRESS",
      defaultValue = "device:/dev/tpmrm0",
      converter = TpmCommand.Address.class,
      description = "The TPM, as for keystead tpm (default: ${DEFAULT-VALUE}).")
  private TpmAddress tpm;

  @Option(
      names = "--interval",
      paramLabel = "MS",
      defaultValue = "500",
      description = "How often to look at the list, in milliseconds (default: 500).")
  private long interval;

  @Option(names = "--once", description = "Extend what is there, and end.")
  private boolean once;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (interval < 1) {
      throw CommandException.usage("--interval is at least 1");
    }
    PrintWriter out = command.commandLine().getOut();
    try (Tpm device = tpm.open()) {
      ImaEmulator emulator = ImaEmulator.attach(device, new MeasurementFile(list));
      long before = -1;
      while (true) {
        long entries = emulator.follow();
        if (entries != before) {
          out.println("PCR 10 holds " + entries + " entries");
          out.flush();
          before = entries;
        }
        if (once) {
          return ExitCode.TRUSTED;
        }
        Thread.sleep(Duration.ofMillis(interval));
      }
    }
  }
}
