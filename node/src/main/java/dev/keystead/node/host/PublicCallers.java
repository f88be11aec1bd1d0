package dev.keystead.node.host;

import dev.keystead.tao.kernel.Kernel;
import dev.keystead.tao.kernel.KernelException;
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

  private static final int ENOPROTOOPT = 92;

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
    int[] credentials = Kernel.peerCredentials(socket);
    try (Pidfd process = new Pidfd(Kernel.peerPidfd(socket))) {
      Optional<Caller.Program> program = running.byProcess(process);
      if (program.isPresent()) {
        return program.get();
      }
    } catch (KernelException e) {
      if (e.errno() != ENOPROTOOPT) {
        throw e;
      }
      requireNoProgram(credentials[0]);
    }
    return new Caller.User(credentials[1]);
  }

  /** Before Linux 6.5 there is only a number: a program is not believed, nor taken for a user. */
  private void requireNoProgram(int pid) throws IOException {
    try (Pidfd process = Pidfd.open(pid)) {
      if (running.byProcess(process).isPresent()) {
        throw new IOException("this kernel does not tell which program it is");
      }
    }
  }
}
