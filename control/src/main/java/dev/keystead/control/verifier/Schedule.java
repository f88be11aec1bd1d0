package dev.keystead.control.verifier;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * When and where the steps of nodes are done: one thread that only starts them, and one thread for
 * each processor that appraises and writes. The threads are daemons.
 */
final class Schedule implements Executor, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Schedule.class.getName());

  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("keystead-timer").factory());
  private final ExecutorService judges =
      Executors.newFixedThreadPool(
          Runtime.getRuntime().availableProcessors(),
          Thread.ofPlatform().daemon().name("keystead-appraisal-", 0).factory());

  /** Starts a step, which must not block, on the timer's thread. */
  void after(Duration delay, Runnable step) {
    try {
      var _ = timer.schedule(step, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "the watch has ended");
    }
  }

  /** Does a step that may take a while. */
  @Override
  public void execute(Runnable step) {
    try {
      judges.execute(step);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "the watch has ended");
    }
  }

  /** Starts nothing any more. */
  @Override
  public void close() {
    timer.shutdownNow();
    judges.shutdown();
  }
}
