package dev.keystead.cli.migrate;

import picocli.CommandLine.Command;

/** {@code keystead migrate}. */
@Command(
    name = "migrate",
    description = "Take over an installation of somebody else's.",
    subcommands = MigrateKeylimeCommand.class)
public final class MigrateCommand {}
