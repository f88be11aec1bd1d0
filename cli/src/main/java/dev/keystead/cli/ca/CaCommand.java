package dev.keystead.cli.ca;

import picocli.CommandLine.Command;

/** {@code keystead ca}: an authority of one's own. */
@Command(
    name = "ca",
    description = {
      "Certify nodes and take certificates back. The authority's folder has the layout of Keylime's"
          + " cv_ca; policy.json in it says what may be certified."
    },
    subcommands = {
      CaInitCommand.class,
      CaCreateCommand.class,
      CaListCommand.class,
      CaRevokeCommand.class,
      CaCrlCommand.class,
      CaServeCommand.class
    })
public final class CaCommand {}
