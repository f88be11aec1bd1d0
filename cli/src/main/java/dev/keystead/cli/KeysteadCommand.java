package dev.keystead.cli;

import dev.keystead.cli.attestation.AttestationCommand;
import dev.keystead.cli.ca.CaCommand;
import dev.keystead.cli.config.ConfigCommand;
import dev.keystead.cli.config.Configuration;
import dev.keystead.cli.demo.DemoCommand;
import dev.keystead.cli.evidence.EvidenceCommand;
import dev.keystead.cli.host.HostCommand;
import dev.keystead.cli.host.LogsCommand;
import dev.keystead.cli.host.MeasureCommand;
import dev.keystead.cli.host.PsCommand;
import dev.keystead.cli.host.RunCommand;
import dev.keystead.cli.host.StopCommand;
import dev.keystead.cli.keylime.KeylimePolicyCommand;
import dev.keystead.cli.keylime.KeylimeTenantCommand;
import dev.keystead.cli.ledger.LedgerCommand;
import dev.keystead.cli.manual.CompletionCommand;
import dev.keystead.cli.manual.ManCommand;
import dev.keystead.cli.migrate.MigrateCommand;
import dev.keystead.cli.node.NodeCommand;
import dev.keystead.cli.policy.PolicyCommand;
import dev.keystead.cli.server.AgentCommand;
import dev.keystead.cli.server.ImaEmulatorCommand;
import dev.keystead.cli.server.RegistrarCommand;
import dev.keystead.cli.server.VerifierCommand;
import dev.keystead.cli.tao.TaoCommand;
import dev.keystead.cli.tpm.TpmCommand;
import dev.keystead.keylime.config.ConfigFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The root of the verbs. */
@Command(
    name = "keystead",
    description = "Trust machines that run on somebody else's hardware, and stop trusting them.",
    version = "keystead 0.1.0",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      AppraiseCommand.class,
      EvidenceCommand.class,
      PolicyCommand.class,
      TpmCommand.class,
      CaCommand.class,
      RegistrarCommand.class,
      VerifierCommand.class,
      AgentCommand.class,
      ImaEmulatorCommand.class,
      MigrateCommand.class,
      ConfigCommand.class,
      NodeCommand.class,
      LedgerCommand.class,
      HostCommand.class,
      RunCommand.class,
      PsCommand.class,
      StopCommand.class,
      LogsCommand.class,
      MeasureCommand.class,
      AttestationCommand.class,
      TaoCommand.class,
      KeylimeTenantCommand.class,
      KeylimePolicyCommand.class,
      CompletionCommand.class,
      ManCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 trusted or done, 1 not trusted or refused, 2 wrong usage,",
      "3 input that cannot be read as what it should be."
    })
public final class KeysteadCommand extends RootOptions {
  /** Those that speak of all verbs. */
  private static final Set<Class<?>> OF_ALL = Set.of(CompletionCommand.class, ManCommand.class);

  /** The root of one verb alone: reading what all others take costs more than most verbs do. */
  @Command(
      name = "keystead",
      version = "keystead 0.1.0",
      mixinStandardHelpOptions = true,
      scope = ScopeType.INHERIT)
  private static final class OneVerb extends RootOptions {}

  /** Runs a command line, with what environment and configuration files say beside it. */
  public static int run(String[] arguments, Map<String, String> environment) {
    CommandLine line = commandLine(arguments);
    try {
      line.setDefaultValueProvider(Configuration.of(List.of(arguments), environment));
    } catch (CommandException | ConfigFileException e) {
      return Errors.report(e, line.getErr());
    }
    return line.execute(arguments);
  }

  /** The whole command line, with its errors in words. */
  public static CommandLine commandLine() {
    KeysteadCommand root = new KeysteadCommand();
    return withErrors(new CommandLine(root), root);
  }

  /** As {@link #commandLine()}, with no more than these arguments need. */
  static CommandLine commandLine(String[] args) {
    Optional<Class<?>> verb =
        args.length > 1 ? verb(args[0]).filter(found -> !OF_ALL.contains(found)) : Optional.empty();
    if (verb.isEmpty()) {
      return commandLine();
    }
    OneVerb root = new OneVerb();
    return withErrors(new CommandLine(root).addSubcommand(verb.get()), root);
  }

  private static Optional<Class<?>> verb(String name) {
    for (Class<?> verb : KeysteadCommand.class.getAnnotation(Command.class).subcommands()) {
      if (verb.getAnnotation(Command.class).name().equals(name)) {
        return Optional.of(verb);
      }
    }
    return Optional.empty();
  }

  private static CommandLine withErrors(CommandLine line, RootOptions root) {
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((thrown, command, parsed) -> {
      if (root.debug()) {
        thrown.printStackTrace(command.getErr());
      }
      return Errors.report(thrown, command.getErr());
    });
    return line;
  }
}
