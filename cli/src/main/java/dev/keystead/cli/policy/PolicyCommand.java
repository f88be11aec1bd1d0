package dev.keystead.cli.policy;

import picocli.CommandLine.Command;

/** {@code keystead policy}. */
@Command(
    name = "policy",
    description = "Make runtime policies.",
    subcommands = {PolicyCreateCommand.class})
public final class PolicyCommand {}
