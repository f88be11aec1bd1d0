package dev.keystead.cli.attestation;

import picocli.CommandLine.Command;

/** {@code keystead attestation}. */
@Command(
    name = "attestation",
    description = "Read what hosted programs have said.",
    subcommands = {AttestationVerifyCommand.class})
public final class AttestationCommand {}
