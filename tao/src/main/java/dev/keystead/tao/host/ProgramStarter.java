package dev.keystead.tao.host;

import dev.keystead.tao.Handle;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;

/** Starts programs for one caller, if it may start any. */
public interface ProgramStarter {
  /** Measures and starts; the handle is for this caller only. */
  Handle start(ProgramSpec spec) throws TaoException;

  /** Starts nothing. */
  static ProgramStarter refusing() {
    return _ -> {
      throw new TaoException(Reason.NOT_PERMITTED, "the program may not start others");
    };
  }
}
