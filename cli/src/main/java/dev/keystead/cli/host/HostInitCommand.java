package dev.keystead.cli.host;

import dev.keystead.claims.TaoName;
import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.cli.tpm.TpmCommand;
import dev.keystead.evidence.json.Json;
import dev.keystead.node.host.setup.HostGrant;
import dev.keystead.node.host.setup.HostPlatform;
import dev.keystead.node.host.setup.HostRequest;
import dev.keystead.node.host.setup.HostSetup;
import dev.keystead.node.host.setup.OwnerKey;
import dev.keystead.node.host.setup.PolicyKeyFile;
import dev.keystead.tao.attestation.Owner;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code keystead host init}. */
@Command(name = "init", description = "Set up a host, or ask its owner to allow it.")
final class HostInitCommand implements Callable<Integer> {
  @Mixin private HostDirectory directory;

  @Option(
      names = "--tpm",
      paramLabel = "ADDRESS",
      defaultValue = "device:/dev/tpmrm0",
      converter = TpmCommand.Address.class,
      description = "The TPM, as for keystead tpm (default: ${DEFAULT-VALUE}).")
  private TpmAddress tpm;

  @Option(
      names = "--pcrs",
      paramLabel = "PCR[,PCR]",
      split = ",",
      description = "PCRs that measure the operating system (default: 0 to 9 and 14).")
  private List<Integer> pcrs = HostPlatform.BOOT_PCRS;

  @Option(
      names = "--owner",
      paramLabel = "DIR",
      description = "The owner's policy key with its private half; made when absent.")
  private @Nullable Path owner;

  @Option(
      names = "--policy-key",
      paramLabel = "FILE",
      description = "The policy key alone: the request to its owner is printed.")
  private @Nullable Path policyKey;

  @Mixin private GrantValidity validity;
  @Mixin private OutputFormat output;
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    HostSetup setup = directory.setup();
    HostPlatform platform = platform();
    if (owner != null && policyKey == null) {
      Owner granting = OwnerKey.open(owner);
      HostRequest request = setup.request(platform, granting.policyKey());
      TaoName name = setup.complete(HostGrant.of(request, granting, validity.fromNow()));
      output.print(Json.object().put("host", name.text()).build(), List.of(name.text()));
    } else if (policyKey != null && owner == null) {
      HostRequest request = setup.request(platform, PolicyKeyFile.read(policyKey));
      PrintWriter out = command.commandLine().getOut();
      out.println(new String(request.encode(), StandardCharsets.UTF_8));
      out.flush();
    } else {
      throw CommandException.usage("give either --owner or --policy-key");
    }
    return ExitCode.TRUSTED;
  }

  private HostPlatform platform() {
    try {
      return new HostPlatform(tpm, pcrs);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }
}
