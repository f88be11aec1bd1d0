package dev.keystead.tao.linux;

import dev.keystead.tao.kernel.Fd;
import dev.keystead.tao.kernel.Kernel;
import dev.keystead.tao.kernel.Pidfd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Waits for the ends of processes, on one thread for all of them. */
final class ExitWatch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ExitWatch.class.getName());

  private final Map<Pidfd, Runnable> watched = new LinkedHashMap<>();
  private final Fd wake;
  private final Thread thread;
  private boolean closed;

  ExitWatch() throws IOException {
    wake = Kernel.eventfd();
    thread = Thread.ofPlatform().daemon().name("keystead-exits").start(this::watch);
  }

  /** Runs an action once, soon after the process has ended; at once if it has already. */
  void add(Pidfd process, Runnable whenEnded) throws IOException {
    synchronized (watched) {
      if (closed) {
        throw new IOException("the host is closing");
      }
      watched.put(process, whenEnded);
      Kernel.signal(wake);
    }
  }

  private void watch() {
    try {
      while (true) {
        List<Pidfd> processes;
        synchronized (watched) {
          if (closed) {
            return;
          }
          processes = List.copyOf(watched.keySet());
        }
        List<Fd> fds = new ArrayList<>(List.of(wake));
        processes.forEach(process -> fds.add(process.fd()));
        boolean[] ready = Kernel.poll(fds, -1);
        if (ready[0]) {
          Kernel.drain(wake);
        }
        for (int i = 0; i < processes.size(); i++) {
          if (ready[i + 1]) {
            ended(processes.get(i));
          }
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "the ends of programs are no longer seen", e);
    } finally {
      wake.close();
    }
  }

  private void ended(Pidfd process) {
    Runnable action;
    synchronized (watched) {
      action = watched.remove(process);
    }
    if (action != null) {
      action.run();
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (watched) {
      if (closed) {
        return;
      }
      closed = true;
      Kernel.signal(wake); // Under the lock: the thread closes it as soon as it sees the end.
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
