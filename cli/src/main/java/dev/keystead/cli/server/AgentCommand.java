package dev.keystead.cli.server;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.EventLines;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.cli.config.ConfigFiles;
import dev.keystead.cli.tpm.TpmCommand;
import dev.keystead.http.Endpoint;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.http.tls.TrustedCertificates;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.WireException;
import dev.keystead.node.AgentListener;
import dev.keystead.node.agent.Agent;
import dev.keystead.node.agent.AgentConfig;
import dev.keystead.node.agent.AgentName;
import dev.keystead.node.identity.KeyAlgorithms;
import dev.keystead.node.payload.PayloadSettings;
import dev.keystead.node.push.PushAgent;
import dev.keystead.node.push.PushConfig;
import dev.keystead.node.revocation.ActionSettings;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
  /** Who begins. */
  enum Mode {
    pull,
    push
  }

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "pull",
      description =
          "pull: listen, and answer the verifier; push: listen on no port, and bring the evidence"
              + " to the verifier (default: pull).")
  private Mode mode;

  @Option(
      names = "--verifier",
      paramLabel = "HOST:PORT",
      converter = HostPort.Converter.class,
      description = "With --mode push: where the evidence is brought.")
  private @Nullable HostPort verifier;

  @Option(
      names = "--verifier-ca",
      paramLabel = "FILE",
      description =
          "With --mode push: PEM of the authority that certifies the verifier (cacert.crt).")
  private @Nullable Path verifierAuthority;

  @Option(
      names = "--id",
      paramLabel = "ID",
      defaultValue = "generate",
      description = "generate, hash_ek, or the id itself (default: generate).")
  private String id;

  private static final int MAX_AUTHORITY = 256 << 10;
  private static final int MAX_PASSWORD = 64;

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
      names = "--owner-password-file",
      paramLabel = "FILE",
      description =
          "The password of the TPM's owner hierarchy, without a line end (default: none).")
  private @Nullable Path ownerPassword;

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
      paramLabel = "FILE",
      description =
          "PEM of the authority whose clients may speak to this agent (cacert.crt); not needed with"
              + " --mode push.")
  private @Nullable Path clients;

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
      names = "--launch-log",
      paramLabel = "FILE",
      description = "The log of the programs of the host on this machine (HOST-FOLDER/launches).")
  private @Nullable Path launchLog;

  @Option(
      names = "--emulate-ima",
      description = "Extend PCR 10 by the list, on a machine whose kernel does not.")
  private boolean emulateIma;

  @Option(
      names = "--secure-dir",
      paramLabel = "DIR",
      description = "Where secrets rest, on a tmpfs (default: a tmpfs of the agent's own).")
  private @Nullable Path secure;

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

  @SuppressWarnings("UnusedVariable") // It adds its options.
  @Mixin
  private ConfigFiles files;

  @Option(
      names = "--revocations-from",
      paramLabel = "HOST:PORT",
      converter = HostPort.Converter.class,
      description = "A verifier's ZeroMQ socket, to hear revocations there, too (default: none).")
  private @Nullable HostPort publisher;

  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws InterruptedException {
    EventLines lines = output.events();
    InstantSource clock = InstantSource.system();
    AgentListener listener = event -> lines.print(clock.instant(), (Record) event);
    Serving.untilStopped(
        mode == Mode.push
            ? PushAgent.start(push(clock).with(listener))
            : Agent.start(config().with(listener)));
    return ExitCode.TRUSTED;
  }

  private PushConfig push(InstantSource clock) {
    if (verifier == null || verifierAuthority == null) {
      throw CommandException.usage("--mode push needs --verifier and --verifier-ca");
    }
    try {
      String authority =
          new String(
              PrivateFiles.read(verifierAuthority, MAX_AUTHORITY), StandardCharsets.US_ASCII);
      TrustedCertificates trust =
          TrustedCertificates.authorities(Certificates.fromPem(authority)).at(clock);
      return PushConfig.of(
              AgentName.parse(id),
              work,
              new ContactAddress(contact, 9002),
              Endpoint.plain(registrar.host(), registrar.port()),
              Endpoint.tls(verifier.host(), verifier.port(), ClientTls.anonymous(trust)))
          .with(
              new AgentConfig.Tpm(tpm, Optional.ofNullable(maker)),
              KeyAlgorithms.named(keys),
              bank())
          .with(logs());
    } catch (IOException e) {
      throw CommandException.usage("--verifier-ca cannot be read: " + e.getMessage());
    } catch (IllegalArgumentException | WireException | CredentialException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  private AgentConfig.Logs logs() {
    AgentConfig.Logs kernel = AgentConfig.Logs.KERNEL;
    return new AgentConfig.Logs(
        imaList == null ? kernel.ima() : imaList,
        bootLog == null ? kernel.boot() : bootLog,
        emulateIma,
        Optional.ofNullable(launchLog));
  }

  private AgentConfig config() {
    if (clients == null) {
      throw CommandException.usage("--clients is needed");
    }
    try {
      return AgentConfig.of(
              AgentName.parse(id),
              work,
              contact,
              Endpoint.plain(registrar.host(), registrar.port()),
              clients)
          .with(new AgentConfig.Tpm(tpm, Optional.ofNullable(maker), owner()))
          .with(KeyAlgorithms.named(keys), bank())
          .with(new AgentConfig.Listen(listen.address(), listen.port()))
          .with(logs())
          .with(
              new AgentConfig.Secure(
                  Optional.ofNullable(secure),
                  AgentConfig.Secure.DEFAULT.size(),
                  AgentConfig.Secure.DEFAULT.removeOnStop()))
          .with(
              script == null ? PayloadSettings.DEFAULT : PayloadSettings.DEFAULT.withScript(script))
          .with(
              new ActionSettings(
                  actions,
                  Optional.ofNullable(actionsDir),
                  ActionSettings.DEFAULT.fromPayload(),
                  ActionSettings.DEFAULT.time(),
                  ActionSettings.DEFAULT.fresh(),
                  Optional.ofNullable(publisher)
                      .map(from -> new ContactAddress(from.host(), from.port()))));
    } catch (IllegalArgumentException | WireException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  private Secret owner() {
    if (ownerPassword == null) {
      return Secret.empty();
    }
    try {
      return Secret.of(PrivateFiles.read(ownerPassword, MAX_PASSWORD));
    } catch (IOException e) {
      throw CommandException.usage("--owner-password-file cannot be read: " + e.getMessage());
    }
  }

  private HashAlg bank() {
    return HashAlg.named(hash)
        .filter(alg -> alg == HashAlg.SHA256 || alg == HashAlg.SHA384)
        .orElseThrow(() -> CommandException.usage("--hash is sha256 or sha384"));
  }
}
