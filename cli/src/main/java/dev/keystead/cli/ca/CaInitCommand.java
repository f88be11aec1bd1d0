package dev.keystead.cli.ca;

import dev.keystead.cli.ExitCode;
import dev.keystead.control.ca.AuthorityFolder;
import dev.keystead.http.tls.KeyType;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keystead ca init}. */
@Command(name = "init", description = "Make an authority with a new key, valid for ten years.")
final class CaInitCommand implements Callable<Integer> {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "Keystead node authority",
      description = "Its common name (default: ${DEFAULT-VALUE}).")
  private String name;

  @Option(
      names = "--key",
      paramLabel = "TYPE",
      defaultValue = "EC_P256",
      description = "Its key: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private KeyType key;

  @Mixin private AuthorityOption authority;

  @Override
  public Integer call() throws IOException {
    var _ = AuthorityFolder.init(authority.folder(), name, key, InstantSource.system());
    return ExitCode.TRUSTED;
  }
}
