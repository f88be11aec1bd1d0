package dev.keystead.cli.server;

import dev.keystead.cli.EventLines;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.cli.config.ConfigFiles;
import dev.keystead.control.ControlIdentity;
import dev.keystead.control.registrar.Admission;
import dev.keystead.control.registrar.Registrar;
import dev.keystead.control.registrar.RegistrarConfig;
import dev.keystead.control.rest.Owners;
import dev.keystead.http.EventLoops;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keystead registrar}: knows which TPM speaks for which agent. */
@Command(
    name = "registrar",
    description = {
      "Run a registrar: agents register and prove their TPM to it, the owner asks it, until it is"
          + " stopped. What it does is printed line by line."
    })
public final class RegistrarCommand implements Callable<Integer> {
  @Option(
      names = "--listen",
      paramLabel = "ADDRESS:PORT",
      defaultValue = "0.0.0.0:8890",
      converter = HostPort.Local.class,
      description = "Where agents register, plain HTTP (default: ${DEFAULT-VALUE}).")
  private HostPort plain;

  @Option(
      names = "--listen-tls",
      paramLabel = "ADDRESS:PORT",
      defaultValue = "0.0.0.0:8891",
      converter = HostPort.Local.class,
      description = "Where owners speak TLS (default: ${DEFAULT-VALUE}).")
  private HostPort tls;

  @Option(
      names = "--tls-dir",
      paramLabel = "DIR",
      defaultValue = "/var/lib/keystead/cv_ca",
      description = "Authority and certificates; made when absent (default: ${DEFAULT-VALUE}).")
  private Path identity;

  @Option(
      names = "--store",
      paramLabel = "FILE",
      defaultValue = "/var/lib/keystead/registrar.db",
      description = "The database with registrations and ledger (default: ${DEFAULT-VALUE}).")
  private Path store;

  @Option(
      names = "--owner",
      paramLabel = "NAME",
      description =
          "The common name of an owner's certificate; more than once for more (default: client,"
              + " tenant).")
  private Set<String> owners = Set.of();

  @Option(
      names = "--tpm-identity",
      paramLabel = "CHOICE",
      defaultValue = "DEFAULT",
      description =
          "What must vouch for a TPM: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Admission.TpmIdentity tpmIdentity;

  @Option(
      names = "--malformed-certs",
      paramLabel = "CHOICE",
      defaultValue = "WARN",
      description =
          "What is made of certificates that are not strict DER: ${COMPLETION-CANDIDATES}"
              + " (default: ${DEFAULT-VALUE}).")
  private Admission.MalformedCertificates malformed;

  @Option(
      names = "--ek-store",
      paramLabel = "DIR",
      description = "Makers of TPMs: each EK certificate needs a path to one of them.")
  private @Nullable Path ekStore;

  @Option(
      names = "--device-store",
      paramLabel = "DIR",
      description = "Makers of devices, whose IDevID and IAK certificates are believed.")
  private @Nullable Path deviceStore;

  @SuppressWarnings("UnusedVariable") // It adds its options.
  @Mixin
  private ConfigFiles files;

  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ControlIdentity control = ControlIdentity.open(identity, InstantSource.system());
    EventLines lines = output.events();
    EventLoops loops = EventLoops.start();
    Registrar registrar =
        Registrar.start(
            RegistrarConfig.of(
                    plain.literal(), tls.literal(), control.server(), control.trust(), store)
                .ownedBy(owners.isEmpty() ? Owners.DEFAULT : new Owners(owners))
                .admitting(
                    new Admission(
                        tpmIdentity, malformed, Makers.in(ekStore), Makers.in(deviceStore), true))
                .listening(event -> lines.print(event.at(), (Record) event)),
            loops);
    lines.print(
        InstantSource.system().instant(),
        new Listening("registrar", List.of(registrar.plainPort(), registrar.tlsPort())));
    Serving.untilStopped(() -> {
      registrar.close();
      loops.close();
    });
    return ExitCode.TRUSTED;
  }
}
