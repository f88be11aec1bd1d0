package dev.keystead.tao.launch;

/** The file descriptors that a hosted program starts with. */
public final class Inherited {
  /** The program's own way to its host. */
  public static final int TAO = 3;

  /** The environment variable that says so. */
  public static final String TAO_VARIABLE = "KEYSTEAD_TAO";

  /** Its value: the socket as a gRPC target. */
  public static final String TAO_TARGET = "unix:" + path(TAO);

  /** From here on: the program's own files, which its loader or interpreter opens. */
  static final int FILES = 4;

  private Inherited() {}

  static String path(int number) {
    return "/proc/self/fd/" + number;
  }
}
