package dev.keystead.lab.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server of somebody else's, with the processes that it starts. */
final class Background implements AutoCloseable {
  private static final int SECONDS = 60;

  private final Process process;
  private final Path log;

  Background(Command command, List<String> program, Path log) throws IOException {
    this.log = log;
    process = command.start(program, log);
  }

  /** Ports that nobody listens on, the second of each pair behind the first. */
  static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Waits until somebody listens there. */
  void awaitListening(int port) throws IOException, InterruptedException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    for (int i = 0; i < SECONDS * 10; i++) {
      requireAlive();
      try (Socket socket = new Socket()) {
        socket.connect(address, 1000);
        return;
      } catch (IOException e) {
        Thread.sleep(100);
      }
    }
    throw new AssertionError("nobody listens on " + port + ": " + Files.readString(log));
  }

  /** Waits until its log says this. */
  void awaitWords(String words) throws IOException, InterruptedException {
    for (int i = 0; i < SECONDS * 10; i++) {
      if (log().contains(words)) {
        return;
      }
      requireAlive();
      Thread.sleep(100);
    }
    throw new AssertionError("it never said " + words + ": " + log());
  }

  /** What it has written so far. */
  String log() throws IOException {
    return Files.readString(log);
  }

  private void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw new AssertionError("it ended with " + process.exitValue() + ": " + log());
    }
  }

  /** Asks all of its processes to end, and ends those that do not. */
  @Override
  public void close() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroy);
    for (ProcessHandle each : all) {
      try {
        var _ = each.onExit().get(5, TimeUnit.SECONDS);
      } catch (Exception e) {
        each.destroyForcibly();
        var _ = each.onExit().join();
      }
    }
  }
}
