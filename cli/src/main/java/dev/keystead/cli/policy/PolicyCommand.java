package dev.keystead.cli.policy;

import picocli.CommandLine.Command;

/** {@code keystead policy}. */
@Command(
    name = "policy",
    description = "Make, sign, compare and try policies, and keep them at the verifier.",
    subcommands = {
      PolicyCreateCommand.class,
      PolicySignCommand.class,
      PolicyVerifyCommand.class,
      PolicyConvertCommand.class,
      PolicyDiffCommand.class,
      PolicyTestCommand.class,
      PolicyAddCommand.class,
      PolicyUpdateCommand.class,
      PolicyShowCommand.class,
      PolicyListCommand.class,
      PolicyDeleteCommand.class
    })
public final class PolicyCommand {}
