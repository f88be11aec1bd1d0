package dev.keystead.tao.linux;

import dev.keystead.tao.Handle;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.host.HostView;
import dev.keystead.tao.kernel.Pidfd;
import dev.keystead.tao.launch.StartedProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The programs of a host. A process stands here until it is reaped, and is reaped only after it was
 * taken out; so while it stands here no other process can have its number.
 */
final class ProgramTable {
  private static final int MOST_ENDED = 256;

  private final Map<Handle, RunningProgram> running = new LinkedHashMap<>();
  private final Map<Handle, HostedProgram> ended =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Handle, HostedProgram> eldest) {
          return size() > MOST_ENDED;
        }
      };

  synchronized RunningProgram add(
      Handle handle,
      Owner owner,
      ProgramSpec spec,
      Measurement measurement,
      Path log,
      InstantSource clock,
      StartedProgram started,
      ProgramSocket socket,
      HostView view) {
    HostedProgram program =
        new HostedProgram(
            handle,
            owner,
            spec,
            measurement,
            started.pid(),
            clock.instant(),
            log,
            new BoundTao(view, started::isUnchanged),
            new CompletableFuture<>());
    RunningProgram entry = new RunningProgram(program, started, socket, view);
    running.put(handle, entry);
    return entry;
  }

  /** Takes out a program that is not to run after all. */
  synchronized void remove(Handle handle) {
    running.remove(handle);
  }

  /** A program that runs. */
  synchronized RunningProgram running(Handle handle) throws TaoException {
    RunningProgram entry = running.get(handle);
    if (entry == null) {
      throw new TaoException(Reason.UNKNOWN_HANDLE, "no such program runs");
    }
    return entry;
  }

  synchronized HostedProgram find(Owner owner, Handle handle) throws TaoException {
    RunningProgram entry = running.get(handle);
    HostedProgram program = entry == null ? ended.get(handle) : entry.program();
    if (program == null || !mayKnow(owner, program)) {
      throw new TaoException(Reason.UNKNOWN_HANDLE, "no such program of this owner");
    }
    return program;
  }

  synchronized List<HostedProgram> all(Owner owner) {
    List<HostedProgram> all = new ArrayList<>(ended.values());
    running.values().forEach(entry -> all.add(entry.program()));
    return all.stream().filter(program -> mayKnow(owner, program)).toList();
  }

  private static boolean mayKnow(Owner owner, HostedProgram program) {
    return owner instanceof Owner.Administrator || owner.equals(program.owner());
  }

  /** Two processes that are not reaped have different numbers, so equal numbers are one process. */
  synchronized Optional<HostedProgram> byProcess(Pidfd process) throws IOException {
    int pid = process.pid();
    for (RunningProgram entry : running.values()) {
      if (pid > 0 && entry.started().pid() == pid) {
        // Seen again while the entry stands: it was not reaped in between and its number reused.
        return process.pid() == pid ? Optional.of(entry.program()) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  synchronized void signal(Handle handle, int signal) throws IOException {
    RunningProgram entry = running.get(handle);
    if (entry != null) {
      entry.started().pidfd().signal(signal);
    }
  }

  /** Its handle, its socket and its Tao end with a process. */
  void end(RunningProgram entry, Instant at) throws IOException {
    HostedProgram program = entry.program();
    entry.view().close();
    synchronized (this) {
      running.remove(program.handle());
      ended.put(program.handle(), program);
    }
    try (StartedProgram started = entry.started()) {
      entry.socket().close();
      started.pidfd().killGroup();
      program.end().complete(new HostedProgram.End(at, started.pidfd().reap()));
    } finally {
      program.end().completeExceptionally(new IOException("its status is not known"));
    }
  }
}
