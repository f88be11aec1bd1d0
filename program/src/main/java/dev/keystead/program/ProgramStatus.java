package dev.keystead.program;

import dev.keystead.tao.Handle;
import dev.keystead.tao.Measurement;
import java.time.Instant;
import java.util.Optional;

/**
 * A program that runs on a host, or ran.
 *
 * @param handle its handle
 * @param measurement what it is
 * @param label what was started, for people
 * @param pid its process's number, of which nothing follows
 * @param uid its user
 * @param started when
 * @param ended how it ended, unless it still runs
 */
public record ProgramStatus(
    Handle handle,
    Measurement measurement,
    String label,
    int pid,
    int uid,
    Instant started,
    Optional<Ended> ended) {
  /**
   * How a program ended.
   *
   * @param at when
   * @param code its exit code, or 128 and the number of the signal that killed it
   */
  public record Ended(Instant at, int code) {}
}
