package dev.keystead.cli.server;

import java.util.concurrent.CountDownLatch;

/** Keeps a server running in the foreground. */
public final class Serving {
  private Serving() {}

  /**
   * Waits until the process is asked to end (Ctrl-C, SIGTERM), then closes {@code server} before it
   * ends.
   */
  public static void untilStopped(AutoCloseable server) throws InterruptedException {
    Thread closing =
        new Thread(
            () -> {
              try {
                server.close();
              } catch (Exception e) {
                System.err.println("keystead: while stopping: " + e.getMessage());
              }
            },
            "stopping");
    Runtime.getRuntime().addShutdownHook(closing);
    new CountDownLatch(1).await();
  }
}
