package dev.keystead.cli.host;

import picocli.CommandLine.Command;

/** {@code keystead host}. */
@Command(
    name = "host",
    description = {
      "Set up a host of programs on this machine's TPM, and run it.",
      "The owner's policy key has to say that the TPM and what was booted on it are a host. Where"
          + " owner and machine are one: init --owner DIR. Where not: init --policy-key FILE prints"
          + " a request, grant answers it with the owner's key, complete takes the answer."
    },
    subcommands = {
      HostInitCommand.class,
      HostGrantCommand.class,
      HostCompleteCommand.class,
      HostStartCommand.class,
      HostShowCommand.class
    })
public final class HostCommand {}
