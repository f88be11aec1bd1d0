package dev.keystead.cli.server;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.EventLines;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.cli.tpm.TpmCommand;
import dev.keystead.http.Endpoint;
import dev.keystead.keylime.WireException;
import dev.keystead.node.agent.Agent;
import dev.keystead.node.agent.AgentConfig;
import dev.keystead.node.agent.AgentName;
import dev.keystead.node.identity.KeyAlgorithms;
import dev.keystead.node.payload.PayloadSettings;
import dev.keystead.node.revocation.ActionSettings;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.transport.TpmAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keystead agent}: runs the agent of a node. */
@Command(
    name = "agent",
    description = {
      "Run the agent of this machine: it registers, proves what runs here, takes its keys and acts"
          + " on revocations, until it is stopped. What it does is printed line by line."
    })
public final class AgentCommand implements Callable<Integer> {
  @Option(
      names = "--id",
      paramLabel = "ID",
      defaultValue = "generate",
      description = "generate, hash_ek, or the id itself (default: generate).")
  private String id;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      defaultValue = "/var/lib/keystead/agent",
      description = "What outlives a restart (default: ${DEFAULT-VALUE}).")
  private Path work;

  @Option(
      names = "--tpm",
      paramLabel = "ADDRESS",
      defaultValue = "device:/dev/tpmrm0",
      converter = TpmCommand.Address.class,
      description = "The TPM, as for keystead tpm (default: ${DEFAULT-VALUE}).")
  private TpmAddress tpm;

  @Option(
      names = "--tpm-maker",
      paramLabel = "DIR",
      description =
          "For an embedded TPM: the maker that certifies its endorsement key at its first use.")
  private @Nullable Path maker;

  @Option(
      names = "--keys",
      paramLabel = "ALGORITHM",
      defaultValue = "ecc256",
      description = "ecc256, ecc384 or rsa2048 (default: ecc256).")
  private String keys;

  @Option(
      names = "--hash",
      paramLabel = "BANK",
      defaultValue = "sha256",
      description = "The PCR bank and hash of quotes: sha256 or sha384 (default: sha256).")
  private String hash;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS:PORT",
      defaultValue = "0.0.0.0:9002",
      converter = HostPort.Local.class,
      description = "Where to listen (default: ${DEFAULT-VALUE}); port 0 takes a free one.")
  private HostPort listen;

  @Option(
      names = "--contact",
      required = true,
      paramLabel = "HOST",
      description = "How verifier and owner reach this machine: an address or name.")
  private String contact;

  @Option(
      names = "--registrar",
      required = true,
      paramLabel = "HOST:PORT",
      converter = HostPort.Converter.class,
      description = "Where to register: the registrar's port for plain HTTP.")
  private HostPort registrar;

  @Option(
      names = "--clients",
      required = true,
      paramLabel = "FILE",
      description = "PEM of the authority whose clients may speak to this agent (cacert.crt).")
  private Path clients;

  @Option(
      names = "--ima-list",
      paramLabel = "FILE",
      description = "An ASCII measurement list in place of the kernel's.")
  private @Nullable Path imaList;

  @Option(
      names = "--boot-log",
      paramLabel = "FILE",
      description = "A boot log in place of the kernel's.")
  private @Nullable Path bootLog;

  @Option(
      names = "--emulate-ima",
      description = "Extend PCR 10 by the list, on a machine whose kernel does not.")
  private boolean emulateIma;

  @Option(
      names = "--payload-script",
      paramLabel = "NAME",
      description = "A script of the payload to run, such as autorun.sh (default: none).")
  private @Nullable String script;

  @Option(
      names = "--revocation-actions",
      paramLabel = "NAME[,NAME]",
      split = ",",
      description = "Actions to run on a revocation, before those that the payload lists.")
  private List<String> actions = List.of();

  @Option(
      names = "--actions-dir",
      paramLabel = "DIR",
      description = "Where actions are looked up before the payload.")
  private @Nullable Path actionsDir;

  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws InterruptedException {
    EventLines lines = output.events();
    InstantSource clock = InstantSource.system();
    AgentConfig config = config().with(event -> lines.print(clock.instant(), (Record) event));
    Serving.untilStopped(Agent.start(config));
    return ExitCode.TRUSTED;
  }

  private AgentConfig config() {
    AgentConfig.Logs kernel = AgentConfig.Logs.KERNEL;
    try {
      return AgentConfig.of(
              AgentName.parse(id),
              work,
              contact,
              Endpoint.plain(registrar.host(), registrar.port()),
              clients)
          .with(new AgentConfig.Tpm(tpm, Optional.ofNullable(maker)))
          .with(KeyAlgorithms.named(keys), bank())
          .with(new AgentConfig.Listen(listen.address(), listen.port()))
          .with(
              new AgentConfig.Logs(
                  imaList == null ? kernel.ima() : imaList,
                  bootLog == null ? kernel.boot() : bootLog,
                  emulateIma))
          .with(
              script == null ? PayloadSettings.DEFAULT : PayloadSettings.DEFAULT.withScript(script))
          .with(
              new ActionSettings(
                  actions,
                  Optional.ofNullable(actionsDir),
                  ActionSettings.DEFAULT.fromPayload(),
                  ActionSettings.DEFAULT.time(),
                  ActionSettings.DEFAULT.fresh()));
    } catch (IllegalArgumentException | WireException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  private HashAlg bank() {
    return HashAlg.named(hash)
        .filter(alg -> alg == HashAlg.SHA256 || alg == HashAlg.SHA384)
        .orElseThrow(() -> CommandException.usage("--hash is sha256 or sha384"));
  }
}
