package dev.keystead.tao.linux;

import dev.keystead.tao.kernel.Kernel;
import dev.keystead.tao.kernel.Pidfd;
import java.io.IOException;

/**
 * The process that connected to a Unix socket, as the kernel recorded it then: also when the
 * connection, or its descriptor, has been handed to another process since.
 *
 * @param pidfd the process for good
 * @param uid its effective user when it connected
 * @param gid its effective group when it connected
 */
public record PeerIdentity(Pidfd pidfd, int uid, int gid) implements AutoCloseable {
  /**
   * Who connected (SO_PEERPIDFD, Linux 6.5, and SO_PEERCRED).
   *
   * @param socket an accepted connection's descriptor
   * @throws IOException when the process has ended and is gone, or the kernel does not tell
   */
  public static PeerIdentity of(int socket) throws IOException {
    Pidfd pidfd = new Pidfd(Kernel.peerPidfd(socket));
    try {
      int[] credentials = Kernel.peerCredentials(socket);
      return new PeerIdentity(pidfd, credentials[1], credentials[2]);
    } catch (IOException | RuntimeException | Error e) {
      pidfd.close();
      throw e;
    }
  }

  @Override
  public void close() {
    pidfd.close();
  }
}
