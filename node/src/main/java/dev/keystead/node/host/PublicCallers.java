package dev.keystead.node.host;

import dev.keystead.tao.kernel.Kernel;
import dev.keystead.tao.kernel.Pidfd;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import java.io.IOException;
import java.util.Optional;

/** Says who connected to the public socket. */
final class PublicCallers {
  /** The programs that run on this host. */
  @FunctionalInterface
  interface Running {
    /** The program whose process this is; by the process itself, never by its number alone. */
    Optional<Caller.Program> byProcess(Pidfd process) throws IOException;
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
    int socket = connection.fd().intValue();
    try (Pidfd process = new Pidfd(Kernel.peerPidfd(socket))) {
      Optional<Caller.Program> program = running.byProcess(process);
      if (program.isPresent()) {
        return program.get();
      }
      return new Caller.User(Kernel.peerCredentials(socket)[1]);
    }
  }
}
