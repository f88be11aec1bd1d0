package dev.keystead.cli.evidence;

import picocli.CommandLine.Command;

/** {@code keystead evidence}: looks at one piece of evidence at a time. */
@Command(
    name = "evidence",
    description = "Look at boot logs, IMA lists and quotes.",
    subcommands = {
      BootlogCommand.class,
      ImaCommand.class,
      QuoteCommand.class,
      ReferenceCommand.class
    })
public final class EvidenceCommand {}
