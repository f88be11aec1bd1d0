package dev.keystead.cli.host;

import dev.keystead.node.host.setup.HostFolder;
import dev.keystead.node.host.setup.HostSetup;
import java.nio.file.Path;
import java.time.InstantSource;
import picocli.CommandLine.Option;

/** Where a host keeps what it needs from one start to the next. */
final class HostDirectory {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = "/var/lib/keystead/host",
      description = "What the host keeps (default: ${DEFAULT-VALUE}).")
  private Path directory;

  HostFolder folder() {
    return new HostFolder(directory);
  }

  HostSetup setup() {
    return new HostSetup(folder(), InstantSource.system());
  }
}
