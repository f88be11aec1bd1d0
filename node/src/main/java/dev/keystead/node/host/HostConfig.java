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
 * @param store a directory, of this host alone, that all programs can reach: in {@code images}
 *     below it are copies of the JVMs and jars of Java programs, made anew at each start
 * @param administrators users who may start and stop programs, beside root and the host's own user
 * @param limits what callers may take
 * @param clock the time
 */
public record HostConfig(
    HostFolder folder,
    Path socket,
    Path store,
    Set<Integer> administrators,
    HostLimits limits,
    InstantSource clock) {
  /** Takes a copy of the set. */
  public HostConfig {
    administrators = Set.copyOf(administrators);
  }

  /** Nobody else administers, and the limits are the usual ones. */
  public static HostConfig of(HostFolder folder, Path socket, Path store) {
    return new HostConfig(
        folder, socket, store, Set.of(), HostLimits.DEFAULT, InstantSource.system());
  }
}
