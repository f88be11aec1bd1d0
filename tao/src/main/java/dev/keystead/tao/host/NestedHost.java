package dev.keystead.tao.host;

import dev.keystead.claims.Segment;
import dev.keystead.claims.TaoName;
import dev.keystead.tao.Handle;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A host inside of any hosted program: the program gives {@link SoftwareHost} its own Tao and says
 * how programs are measured and started, and the names of those are longer than its own by one
 * segment. Safe for several threads.
 */
public final class NestedHost implements AutoCloseable {
  private final SoftwareHost host;
  private final Launcher launcher;
  private final SecureRandom random = new SecureRandom();
  private final Map<Handle, Running> running = new ConcurrentHashMap<>();

  /** A running program, with who started it. */
  private record Running(TaoName startedBy, HostView view, AutoCloseable program) {}

  /** A host of the programs that {@code launcher} starts. */
  public NestedHost(SoftwareHost host, Launcher launcher) {
    this.host = host;
    this.launcher = launcher;
  }

  /** The host's name. */
  public TaoName name() {
    return host.name();
  }

  /** Measures a program and starts it, for the host itself. */
  public Handle start(ProgramSpec spec) throws TaoException {
    return start(name(), spec);
  }

  /**
   * Ends a program that the host itself has started.
   *
   * @throws TaoException UNKNOWN_HANDLE when it has started no such program, or it has been stopped
   */
  public void stop(Handle handle) throws TaoException {
    @Nullable Running program = running.get(handle);
    if (program == null || !program.startedBy.equals(name()) || !running.remove(handle, program)) {
      throw new TaoException(Reason.UNKNOWN_HANDLE, "the host has not started " + handle);
    }
    end(program);
  }

  private Handle start(TaoName caller, ProgramSpec spec) throws TaoException {
    Launcher.Image image = launcher.prepare(caller, spec);
    Segment segment = image.measurement().segment(TaoName.PROGRAM);
    TaoName child = host.name().child(segment);
    HostView view = host.hosted(segment, wanted -> start(child, wanted));
    Handle handle = Handle.fresh(random);
    AutoCloseable program;
    try {
      program = image.start(view);
    } catch (TaoException e) {
      view.close();
      throw e;
    }
    running.put(handle, new Running(caller, view, program));
    return handle;
  }

  /** Ends every program; throws afterwards when one of them has not ended. */
  @Override
  public void close() throws TaoException {
    @Nullable TaoException first = null;
    for (Handle handle : List.copyOf(running.keySet())) {
      @Nullable Running program = running.remove(handle);
      if (program == null) {
        continue;
      }
      try {
        end(program);
      } catch (TaoException e) {
        if (first != null) {
          e.addSuppressed(first);
        }
        first = e;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private static void end(Running program) throws TaoException {
    program.view.close();
    try {
      program.program.close();
    } catch (Exception e) {
      throw new TaoException(Reason.UNAVAILABLE, "a program has not ended", e);
    }
  }
}
