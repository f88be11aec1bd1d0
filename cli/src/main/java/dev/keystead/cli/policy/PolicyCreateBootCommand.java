package dev.keystead.cli.policy;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.InputFile;
import dev.keystead.evidence.boot.BootLog;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.refstate.RefstateWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keystead policy create boot}. */
@Command(
    name = "boot",
    aliases = {"mb", "measured-boot"},
    description = {
      "Make a measured boot reference state (Keylime's format) from the boot log of a machine with"
          + " UEFI, shim and GRUB that is known to be good.",
      "Reference values for any boot are made by keystead evidence reference, from a proved log."
    })
final class PolicyCreateBootCommand implements Callable<Integer> {
  @Option(
      names = {"-e", "--eventlog-file", "--boot-log"},
      paramLabel = "FILE",
      required = true,
      description = "The boot log: /sys/kernel/security/tpm0/binary_bios_measurements.")
  private Path log;

  @Option(
      names = {"-i", "--without-secureboot"},
      description = "Secure Boot was off, and that is meant.")
  private boolean withoutSecureBoot;

  @Mixin private Result result;

  @Override
  public Integer call() {
    byte[] bytes = InputFile.read(log, InputFile.BOOT_LOG, "the boot log");
    Json.Obj refstate = RefstateWriter.write(BootLog.parse(bytes), withoutSecureBoot);
    result.write(refstate.pretty().getBytes(java.nio.charset.StandardCharsets.UTF_8), "written");
    return ExitCode.TRUSTED;
  }
}
