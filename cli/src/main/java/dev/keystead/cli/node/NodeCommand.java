package dev.keystead.cli.node;

import picocli.CommandLine.Command;

/** {@code keystead node}: the owner's orders about nodes. */
@Command(
    name = "node",
    description = "Put nodes under watch, see how they stand, and take them from it.",
    subcommands = {
      NodeAddCommand.class,
      NodeUpdateCommand.class,
      NodeStatusCommand.class,
      NodeListCommand.class,
      NodeDeleteCommand.class,
      NodeStopCommand.class,
      NodeReactivateCommand.class,
      NodeForgetCommand.class
    })
public final class NodeCommand {}
