package dev.keystead.tao.linux;

import dev.keystead.tao.Tao;
import java.io.IOException;

/**
 * A program's own way to its host: a Unix socket that is reached only by the descriptor that the
 * program inherits.
 */
public interface ProgramSocket extends AutoCloseable {
  /** What the program inherits; open until {@link #close}. */
  int descriptor();

  /** From now on requests are answered, as those of this program. */
  void serve(Tao tao);

  /** The program has ended: nothing is answered any more. */
  @Override
  void close();

  /** Opens such sockets. */
  @FunctionalInterface
  interface Opener {
    /**
     * For a program that is about to be started.
     *
     * @param uid the only user, beside root, that can connect
     */
    ProgramSocket open(int uid) throws IOException;
  }
}
