package dev.keystead.tao.linux;

import dev.keystead.tao.Handle;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.Tao;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * A program that was started on this host.
 *
 * @param handle its name for its owner
 * @param owner who started it
 * @param spec what was started
 * @param measurement what it was measured to be
 * @param pid the number of its process; to be shown, not to be relied on
 * @param started when
 * @param log what it has written
 * @param tao what it has of the host; refuses everything when the program has ended or executes
 *     something else
 * @param end completed when it has ended
 */
public record HostedProgram(
    Handle handle,
    Owner owner,
    ProgramSpec spec,
    Measurement measurement,
    int pid,
    Instant started,
    Path log,
    Tao tao,
    CompletableFuture<End> end) {
  /**
   * How it ended.
   *
   * @param at when
   * @param status its exit status, or 128 plus the signal that ended it
   */
  public record End(Instant at, int status) {}

  /** Whether it runs. */
  public boolean isRunning() {
    return !end.isDone();
  }
}
