package dev.keystead.cli.server;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.EventLines;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.InputFile;
import dev.keystead.cli.OutputFormat;
import dev.keystead.cli.config.ConfigFiles;
import dev.keystead.control.ControlIdentity;
import dev.keystead.control.ca.AuthorityFolder;
import dev.keystead.control.rest.Owners;
import dev.keystead.control.verifier.SeverityPolicy;
import dev.keystead.control.verifier.Timing;
import dev.keystead.control.verifier.Verifier;
import dev.keystead.control.verifier.VerifierConfig;
import dev.keystead.http.Endpoint;
import dev.keystead.http.EventLoops;
import dev.keystead.http.tls.ClientTls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keystead verifier}: watches nodes. */
@Command(
    name = "verifier",
    description = {
      "Run a verifier: it asks every node again and again for evidence, judges it, hands out keys"
          + " and tells the others when a node is trusted no more, until it is stopped. What it"
          + " does is printed line by line."
    })
public final class VerifierCommand implements Callable<Integer> {
  @Option(
      names = "--listen",
      paramLabel = "ADDRESS:PORT",
      defaultValue = "0.0.0.0:8881",
      converter = HostPort.Local.class,
      description = "Where owners speak TLS (default: ${DEFAULT-VALUE}).")
  private HostPort listen;

  @Option(
      names = "--tls-dir",
      paramLabel = "DIR",
      defaultValue = "/var/lib/keystead/cv_ca",
      description = "Authority and certificates; made when absent (default: ${DEFAULT-VALUE}).")
  private Path identity;

  @Option(
      names = "--store",
      paramLabel = "FILE",
      defaultValue = "/var/lib/keystead/verifier.db",
      description = "The database with nodes and ledger (default: ${DEFAULT-VALUE}).")
  private Path store;

  @Option(
      names = "--interval",
      paramLabel = "MS",
      defaultValue = "2000",
      description = "From one proof of a node to the next, in milliseconds (default: 2000).")
  private long interval;

  @Option(
      names = "--webhook",
      paramLabel = "https://HOST:PORT/PATH",
      description =
          "Is told of every revocation as well; its server certificate must be of the"
              + " authority in --tls-dir.")
  private @Nullable URI webhook;

  @Option(
      names = "--id",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "The verifier's name, told in each node's status (default: ${DEFAULT-VALUE}).")
  private String id;

  @Option(
      names = "--owner",
      paramLabel = "NAME",
      description =
          "The common name of an owner's certificate; more than once for more (default: client,"
              + " tenant).")
  private Set<String> owners = Set.of();

  @Option(
      names = "--severity-policy",
      paramLabel = "FILE",
      description =
          "How severe events are: JSON with severity_labels and severity_policy (default: each as"
              + " severe as any).")
  private @Nullable Path severities;

  @Option(
      names = "--zeromq",
      paramLabel = "ADDRESS:PORT",
      converter = HostPort.Local.class,
      description = "Where revocations are published by ZeroMQ (Keylime's port is 8992).")
  private @Nullable HostPort publisher;

  @Option(names = "--silent", description = "Do not tell agents of revocations over their REST.")
  private boolean silent;

  @Option(
      names = "--ca-dir",
      paramLabel = "DIR",
      description = "The authority that certified the nodes: it revokes those that fail.")
  private @Nullable Path authority;

  @SuppressWarnings("UnusedVariable") // It adds its options.
  @Mixin
  private ConfigFiles files;

  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (interval < 1) {
      throw CommandException.usage("--interval is at least 1");
    }
    ControlIdentity control = ControlIdentity.open(identity, InstantSource.system());
    EventLines lines = output.events();
    EventLoops loops = EventLoops.start();
    VerifierConfig config =
        VerifierConfig.of(
                listen.literal(), control.server(), control.client(), control.trust(), store)
            .with(Timing.DEFAULT.every(Duration.ofMillis(interval)))
            .named(id)
            .ownedBy(owners.isEmpty() ? Owners.DEFAULT : new Owners(owners))
            .with(
                severities == null
                    ? SeverityPolicy.KEYLIME
                    : SeverityPolicy.parse(
                        InputFile.read(severities, InputFile.SMALL, "severity policy")))
            .with(telling())
            .listening(event -> lines.print(event.at(), (Record) event));
    Verifier verifier =
        Verifier.start(webhook == null ? config : config.telling(webhook(webhook, control)), loops);
    lines.print(
        InstantSource.system().instant(), new Listening("verifier", List.of(verifier.port())));
    Serving.untilStopped(() -> {
      verifier.close();
      loops.close();
    });
    return ExitCode.TRUSTED;
  }

  private VerifierConfig.Telling telling() throws IOException {
    return new VerifierConfig.Telling(
        !silent,
        Optional.empty(),
        Optional.ofNullable(publisher).map(HostPort::literal),
        authority == null
            ? Optional.empty()
            : Optional.of(AuthorityFolder.open(authority, InstantSource.system())));
  }

  private static VerifierConfig.Webhook webhook(URI uri, ControlIdentity control) {
    String host = uri.getHost();
    if (!"https".equals(uri.getScheme()) || host == null || uri.getRawUserInfo() != null) {
      throw CommandException.usage("--webhook wants https://HOST:PORT/PATH");
    }
    String path = uri.getRawPath();
    return new VerifierConfig.Webhook(
        Endpoint.tls(
            host,
            uri.getPort() < 0 ? 443 : uri.getPort(),
            ClientTls.mutual(control.client(), control.trust())),
        path == null || path.isEmpty() ? "/" : path);
  }
}
