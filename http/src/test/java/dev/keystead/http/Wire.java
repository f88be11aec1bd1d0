package dev.keystead.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A client that writes what it likes on a socket, well-formed or not. */
final class Wire implements AutoCloseable {
  private final Socket socket;

  Wire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(20_000);
  }

  static Wire to(int port) throws IOException {
    return new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** Everything that the server answers to this text until it closes. */
  static String answer(int port, String text) throws IOException {
    try (Wire wire = to(port)) {
      wire.send(text);
      return wire.readToEnd();
    }
  }

  Wire send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Wire send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  Wire endOutput() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Reads until the server closes. */
  String readToEnd() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** Reads until this text has come. */
  String readUntil(String end) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    String text = "";
    while (!text.endsWith(end)) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("closed after: " + text);
      }
      read.write(b);
      text = read.toString(StandardCharsets.ISO_8859_1);
    }
    return text;
  }

  /** Whether the server closes the connection without a further byte. */
  boolean isClosedSilently() throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
