package dev.keystead.cli.host;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.tao.TaoCommand;
import dev.keystead.program.HostClient;
import dev.keystead.program.TaoAddress;
import dev.keystead.tao.Handle;
import dev.keystead.tao.TaoException;
import java.util.List;
import picocli.CommandLine.Option;

/** Which host an administrator speaks to. */
final class HostSocket {
  @Option(
      names = "--host",
      paramLabel = "unix:PATH",
      defaultValue = "unix:/run/keystead/host.sock",
      converter = TaoCommand.Address.class,
      description = "The host's socket (default: ${DEFAULT-VALUE}).")
  private TaoAddress address;

  /** Something to ask. */
  @FunctionalInterface
  interface Question<T> {
    T ask(HostClient host) throws TaoException;
  }

  /** Asks the host. */
  <T> T ask(Question<T> question) {
    try (HostClient host = HostClient.at(address)) {
      return question.ask(host);
    } catch (TaoException e) {
      throw CommandException.failed("the host does not do that: " + e.getMessage());
    }
  }

  /** The program whose handle begins so. */
  static Handle handle(HostClient host, String beginning) throws TaoException {
    List<Handle> found =
        host.list().stream()
            .map(program -> program.handle())
            .filter(handle -> handle.hex().startsWith(beginning))
            .toList();
    if (found.size() != 1) {
      throw CommandException.failed(
          "%d programs have a handle that begins with %s".formatted(found.size(), beginning));
    }
    return found.getFirst();
  }
}
