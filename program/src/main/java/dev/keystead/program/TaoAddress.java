package dev.keystead.program;

import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Where a host listens: a Unix socket, written as a gRPC target, {@code unix:/path}. The socket
 * that a hosted program inherited is {@code unix:/proc/self/fd/N}.
 *
 * @param path absolute, at most {@value #MAX_PATH} bytes
 */
public record TaoAddress(Path path) {
  /** The environment variable that names a hosted program's own socket. */
  public static final String VARIABLE = "KEYSTEAD_TAO";

  /** What fits into a sockaddr_un. */
  public static final int MAX_PATH = 107;

  private static final String SCHEME = "unix:";

  /** Checks the path. */
  public TaoAddress {
    if (!path.isAbsolute() || path.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH) {
      throw new IllegalArgumentException(
          "a socket's path is absolute and has at most " + MAX_PATH + " bytes");
    }
  }

  /** The address of the socket behind an inherited file descriptor. */
  public static TaoAddress ofDescriptor(int fd) {
    return new TaoAddress(Path.of("/proc/self/fd/" + fd));
  }

  /**
   * The address with this text form.
   *
   * @throws IllegalArgumentException when it is not {@code unix:} and an absolute path
   */
  public static TaoAddress parse(String text) {
    if (!text.startsWith(SCHEME) || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a host's address is written unix:/path");
    }
    return new TaoAddress(Path.of(text.substring(SCHEME.length())));
  }

  /**
   * The address of the host that started this program.
   *
   * @throws TaoException UNAVAILABLE, when no host has
   */
  public static TaoAddress ofEnvironment() throws TaoException {
    String address = System.getenv(VARIABLE);
    if (address == null) {
      throw new TaoException(
          Reason.UNAVAILABLE, "no host has started this program: KEYSTEAD_TAO is not set");
    }
    try {
      return parse(address);
    } catch (IllegalArgumentException e) {
      throw new TaoException(Reason.UNAVAILABLE, VARIABLE + ": " + e.getMessage(), e);
    }
  }

  /** The text form. */
  public String text() {
    return SCHEME + path;
  }

  @Override
  public String toString() {
    return text();
  }
}
