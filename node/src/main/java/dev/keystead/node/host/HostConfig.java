package dev.keystead.node.host;

import dev.keystead.node.host.setup.HostFolder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;

/**
 * How a host runs.
 *
 * @param folder what was set up
 * @param socket the public socket, at most 107 bytes long; its directory is made when it is missing
 * @param administrators users who may start and stop programs, beside root and the host's own user
 * @param limits what callers may take
 * @param clock the time
 */
public record HostConfig(
    HostFolder folder,
    Path socket,
    Set<Integer> administrators,
    HostLimits limits,
    InstantSource clock) {
  /** Takes a copy of the set. */
  public HostConfig {
    administrators = Set.copyOf(administrators);
  }

  /** Nobody else administers, and the limits are the usual ones. */
  public static HostConfig of(HostFolder folder, Path socket) {
    return new HostConfig(folder, socket, Set.of(), HostLimits.DEFAULT, InstantSource.system());
  }
}
