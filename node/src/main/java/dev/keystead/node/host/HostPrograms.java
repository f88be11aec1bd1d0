package dev.keystead.node.host;

import dev.keystead.program.ProgramStatus;
import dev.keystead.tao.Handle;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.TaoException;
import java.time.Duration;
import java.util.List;

/** What administrators do with the programs of a host. */
interface HostPrograms {
  /** Measures a program and starts it. */
  Handle start(ProgramSpec spec) throws TaoException;

  /** Those that run, and the last that have ended, oldest first. */
  List<ProgramStatus> list();

  /** Ends a program and waits for its end. */
  ProgramStatus.Ended stop(Handle handle, Duration grace) throws TaoException;

  /** The last that it wrote. */
  byte[] output(Handle handle) throws TaoException;
}
