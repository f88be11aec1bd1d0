package dev.keystead.cli.host;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.InputFile;
import dev.keystead.node.host.setup.HostGrant;
import dev.keystead.node.host.setup.HostRequest;
import dev.keystead.node.host.setup.OwnerKey;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keystead host grant}. */
@Command(
    name = "grant",
    description = {
      "Allow a host with the owner's key; the grant is printed.",
      "The owner names machine and operating system, both from a source that is trusted and not"
          + " from the request: a request that says otherwise is refused."
    })
final class HostGrantCommand implements Callable<Integer> {
  @Parameters(paramLabel = "REQUEST", description = "What keystead host init has printed.")
  private Path request;

  @Option(
      names = "--owner",
      required = true,
      paramLabel = "DIR",
      description = "The owner's policy key with its private half.")
  private Path owner;

  @Option(
      names = "--platform",
      required = true,
      paramLabel = "tpm(DIGEST)",
      description = "The TPM that is meant: SHA-256 of its endorsement key's TPMT_PUBLIC.")
  private String platform;

  @Option(
      names = "--booted",
      required = true,
      paramLabel = "linux(DIGEST)",
      description = "What has to be booted on it, as its PCRs measure it.")
  private String booted;

  @Mixin private GrantValidity validity;
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    HostRequest asked = HostRequest.parse(InputFile.read(request, InputFile.SMALL, "the request"));
    require("the TPM", platform, asked.platform().platform().text());
    require("the operating system", booted, asked.host().text());
    HostGrant grant = HostGrant.of(asked, OwnerKey.open(owner), validity.fromNow());
    PrintWriter out = command.commandLine().getOut();
    out.println(new String(grant.encode(), StandardCharsets.UTF_8));
    out.flush();
    return ExitCode.TRUSTED;
  }

  private static void require(String what, String expected, String asked) {
    if (!expected.equals(asked)) {
      throw CommandException.failed(
          "nothing is granted: %s of the request is %s".formatted(what, asked));
    }
  }
}
