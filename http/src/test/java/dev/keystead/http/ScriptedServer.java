package dev.keystead.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A server that does on its connections what a test tells it, good or bad. */
final class ScriptedServer implements AutoCloseable {
  /** What is done on one connection, which is closed afterwards. */
  interface Script {
    void run(Connection connection) throws IOException, InterruptedException;
  }

  private final ServerSocket listener;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();

  private ScriptedServer(ServerSocketFactory factory, Script script) throws IOException {
    listener = factory.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(() -> accept(script));
  }

  static ScriptedServer plain(Script script) throws IOException {
    return new ScriptedServer(ServerSocketFactory.getDefault(), script);
  }

  static ScriptedServer with(ServerSocketFactory factory, Script script) throws IOException {
    return new ScriptedServer(factory, script);
  }

  /** Reads one request and writes this, on every connection. */
  static ScriptedServer answering(String response) throws IOException {
    return plain(connection -> {
      connection.readRequest();
      connection.write(response);
    });
  }

  int port() {
    return listener.getLocalPort();
  }

  Endpoint endpoint() {
    return Endpoint.plain("127.0.0.1", port());
  }

  int connections() {
    return connections.get();
  }

  int requests() {
    return requests.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept(Script script) {
    try {
      while (true) {
        Socket socket = listener.accept();
        int number = connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(script, new Connection(socket, number, requests)));
      }
    } catch (IOException e) {
      // The listener was closed: the test is over.
      return;
    }
  }

  private static void serve(Script script, Connection connection) {
    try (connection) {
      script.run(connection);
    } catch (IOException | InterruptedException e) {
      // The client went away, as it does in many tests.
      return;
    }
  }

  /** One connection. */
  static final class Connection implements AutoCloseable {
    private final Socket socket;
    private final int number;
    private final AtomicInteger requests;

    Connection(Socket socket, int number, AtomicInteger requests) {
      this.socket = socket;
      this.number = number;
      this.requests = requests;
    }

    /** 1 for the first connection to the server. */
    int number() {
      return number;
    }

    /** Reads up to the empty line. */
    void readRequest() throws IOException {
      InputStream in = socket.getInputStream();
      int matched = 0;
      while (matched < 4) {
        int b = in.read();
        if (b < 0) {
          throw new IOException("no request");
        }
        matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
      }
      requests.incrementAndGet();
    }

    void write(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
    }

    /** Waits until the client closes. */
    void awaitEnd() throws IOException {
      socket.getInputStream().readAllBytes();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
