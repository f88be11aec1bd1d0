package dev.keystead.node.host;

import io.netty.channel.epoll.EpollDomainSocketChannel;
import java.io.IOException;
import java.util.Optional;

/** Says who connected to the public socket. */
final class PublicCallers {
  /** The programs that run on this host. */
  @FunctionalInterface
  interface Running {
    /** The program whose process this is; by the process itself, never by its number. */
    Optional<Caller.Program> byPidfd(int pidfd);
  }

  private final Running running;

  PublicCallers(Running running) {
    this.running = running;
  }

  /**
   * A hosted program or a user.
   *
   * @throws IOException when the peer has ended already, or the kernel does not tell
   */
  Caller of(EpollDomainSocketChannel connection) throws IOException {
    int pidfd = Kernel.peerPidfd(connection.fd().intValue());
    try {
      Optional<Caller.Program> program = running.byPidfd(pidfd);
      if (program.isPresent()) {
        return program.get();
      }
      return new Caller.User(connection.peerCredentials().uid());
    } finally {
      Kernel.close(pidfd);
    }
  }
}
