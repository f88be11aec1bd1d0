package dev.keystead.cli.ca;

import dev.keystead.control.ca.AuthorityFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import picocli.CommandLine.Option;

/** Where the authority is. */
final class AuthorityOption {
  @Option(
      names = {"-d", "--dir"},
      paramLabel = "DIR",
      defaultValue = "/var/lib/keystead/ca",
      description = "The authority's folder (default: ${DEFAULT-VALUE}).")
  private Path folder;

  Path folder() {
    return folder;
  }

  AuthorityFolder open() throws IOException {
    return AuthorityFolder.open(folder, InstantSource.system());
  }
}
