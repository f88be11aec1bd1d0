package dev.keystead.tenant.policy;

import java.util.concurrent.atomic.LongAdder;

/** How much has been hashed so far; counted by many threads, shown by another. */
public final class Meter {
  private final LongAdder files = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  /** Counts one file. */
  void add(long size) {
    files.increment();
    bytes.add(size);
  }

  /** How many files. */
  public long files() {
    return files.sum();
  }

  /** How many bytes they had. */
  public long bytes() {
    return bytes.sum();
  }
}
