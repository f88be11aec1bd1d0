package dev.keystead.tenant.policy;

import dev.keystead.tenant.policy.Harvest.Allowed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads packages side by side; the first that cannot be read ends it. */
final class Workers {
  private static final int PER_CPU = 4;

  private Workers() {}

  /** How one package is read. */
  interface Reader<T> {
    List<Allowed> read(T item) throws IOException;
  }

  static <T> void run(List<T> items, Reader<T> reader, Harvest harvest) throws IOException {
    int threads = PER_CPU * Runtime.getRuntime().availableProcessors();
    List<Future<?>> all = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (T item : items) {
        all.add(
            pool.submit(() -> {
              harvest.addAll(reader.read(item));
              return item;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw new IOException(String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      pool.shutdownNow();
    }
  }
}
