package dev.keystead.cli.ca;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.cli.server.HostPort;
import dev.keystead.cli.server.Listening;
import dev.keystead.cli.server.Serving;
import dev.keystead.control.ca.AuthorityServer;
import dev.keystead.http.EventLoops;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keystead ca serve}. */
@Command(
    name = "serve",
    description = "Tell anybody what is revoked, by CRL at /crl and OCSP at /ocsp, until stopped.")
final class CaServeCommand implements Callable<Integer> {
  @Option(
      names = "--listen",
      paramLabel = "ADDRESS:PORT",
      defaultValue = "127.0.0.1:38080",
      converter = HostPort.Local.class,
      description = "Where, plain HTTP (default: ${DEFAULT-VALUE}).")
  private HostPort listen;

  @Mixin private AuthorityOption authority;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    EventLoops loops = EventLoops.start();
    AuthorityServer server = AuthorityServer.start(authority.open(), listen.literal(), loops);
    output
        .events()
        .print(
            InstantSource.system().instant(), new Listening("authority", List.of(server.port())));
    Serving.untilStopped(() -> {
      server.close();
      loops.close();
    });
    return ExitCode.TRUSTED;
  }
}
