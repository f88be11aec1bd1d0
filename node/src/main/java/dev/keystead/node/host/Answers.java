package dev.keystead.node.host;

import dev.keystead.program.Refusals;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import io.grpc.stub.StreamObserver;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Gives a caller its answer or its refusal, at once or from a thread that may block. */
final class Answers {
  private static final System.Logger LOG = System.getLogger(Answers.class.getName());
  private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

  private Answers() {}

  /** Makes an answer. */
  @FunctionalInterface
  interface Work<T> {
    T answer() throws TaoException;
  }

  /** On the event loop: for what takes microseconds. */
  static <T> void now(StreamObserver<T> caller, Work<T> work) {
    T answer;
    try {
      answer = work.answer();
    } catch (TaoException e) {
      LOG.log(Level.DEBUG, "refused, {0}: {1}", e.reason(), e.getMessage());
      caller.onError(Refusals.toStatus(e.reason()));
      return;
    } catch (IllegalArgumentException e) {
      LOG.log(Level.DEBUG, "refused: {0}", e.getMessage());
      caller.onError(Refusals.toStatus(Reason.INVALID));
      return;
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a defect of the host", e);
      caller.onError(Refusals.toStatus(Reason.UNAVAILABLE));
      return;
    }
    caller.onNext(answer);
    caller.onCompleted();
  }

  /** On a virtual thread: for what waits, or computes for longer. */
  static <T> void later(StreamObserver<T> caller, Work<T> work) {
    THREADS.execute(() -> now(caller, work));
  }
}
