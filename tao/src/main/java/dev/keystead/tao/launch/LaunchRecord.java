package dev.keystead.tao.launch;

import dev.keystead.tao.Measurement;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.TaoException;

/** Where a host writes down what it starts, before it does. */
@FunctionalInterface
public interface LaunchRecord {
  /**
   * A program is about to run.
   *
   * @throws TaoException UNAVAILABLE when it cannot be written down: then it does not run
   */
  void launching(Measurement program, ProgramSpec spec) throws TaoException;

  /** Writes nothing: for hosts whose own host cannot extend a register for them. */
  static LaunchRecord none() {
    return (_, _) -> {};
  }
}
