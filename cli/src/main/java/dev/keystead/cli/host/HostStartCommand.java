package dev.keystead.cli.host;

import dev.keystead.cli.EventLines;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.cli.server.Serving;
import dev.keystead.node.host.HostConfig;
import dev.keystead.node.host.HostDaemon;
import dev.keystead.node.host.HostLimits;
import dev.keystead.tao.kernel.Kernel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keystead host start}. */
@Command(
    name = "start",
    description = "Run the host until it is stopped; its programs end with it.")
final class HostStartCommand implements Callable<Integer> {
  @Mixin private HostDirectory directory;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      defaultValue = "/run/keystead/host.sock",
      description = "The public socket (default: ${DEFAULT-VALUE}).")
  private Path socket;

  @Option(
      names = "--store",
      paramLabel = "DIR",
      defaultValue = "/var/cache/keystead",
      description =
          "Copies of the JVMs and jars of Java programs, which all programs can read"
              + " (default: ${DEFAULT-VALUE}).")
  private Path store;

  @Option(
      names = "--administrators",
      paramLabel = "UID[,UID]",
      split = ",",
      description = "Users who may start and stop programs, beside root and the host's own user.")
  private Set<Integer> administrators = Set.of();

  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Kernel.protectThisProcess();
    EventLines lines = output.events();
    InstantSource clock = InstantSource.system();
    HostDaemon daemon =
        HostDaemon.start(
            new HostConfig(
                directory.folder(),
                socket.toAbsolutePath().normalize(),
                store.toAbsolutePath().normalize(),
                administrators,
                HostLimits.DEFAULT,
                clock));
    lines.print(clock.instant(), new HostListening(daemon.name().text(), daemon.address().text()));
    Serving.untilStopped(daemon);
    return ExitCode.TRUSTED;
  }
}
