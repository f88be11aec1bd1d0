package dev.keystead.tao.host;

import dev.keystead.claims.TaoName;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.Tao;
import dev.keystead.tao.TaoException;

/** Measures and starts programs for a {@link NestedHost}. */
public interface Launcher {
  /**
   * Fixes a program's image and measures it; nothing of it runs yet.
   *
   * @param caller who wants it: the host itself, or a program on it
   * @throws TaoException NOT_PERMITTED when this caller may not start this, NOT_STARTED when it
   *     can't be measured
   */
  Image prepare(TaoName caller, ProgramSpec spec) throws TaoException;

  /** An image that no longer changes. */
  interface Image {
    /** What it is. */
    Measurement measurement();

    /**
     * Starts it.
     *
     * @param tao the program's host; it is for this program alone
     * @return what ends the program, and returns when it has ended
     * @throws TaoException NOT_STARTED
     */
    AutoCloseable start(Tao tao) throws TaoException;
  }
}
