package dev.keystead.tao.seal;

/** A counter that nobody can turn back, not even who owns the disk. */
public interface Counter {
  /**
   * What the counter says.
   *
   * @param value how often it was incremented, and more; 1 or more
   * @param resets how often the machine that holds it was started
   * @param clock a time in milliseconds that does not go back while {@code resets} is the same
   */
  record Reading(long value, long resets, long clock) {
    /** Requires numbers from 0 up, and a value that can still grow. */
    public Reading {
      if (value < 1 || value == Long.MAX_VALUE || resets < 0 || clock < 0) {
        throw new IllegalArgumentException("no reading of a counter");
      }
    }
  }

  /** The counter now, from nobody else. */
  Reading read() throws RollbackException;

  /** Adds one; when it returns, the new value survives a power cut. */
  void increment() throws RollbackException;
}
