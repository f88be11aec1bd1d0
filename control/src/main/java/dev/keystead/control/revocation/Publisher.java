package dev.keystead.control.revocation;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * Publishes notices by ZeroMQ (section 6 of the wire): a PUB socket, for each notice one message of
 * one frame with the signed message in it. It is not encrypted and does not know who listens: what
 * makes a notice believed is its signature.
 */
public final class Publisher implements AutoCloseable {
  private final ZContext context;
  private final ZMQ.Socket socket;
  private final int port;

  private Publisher(ZContext context, ZMQ.Socket socket, int port) {
    this.context = context;
    this.socket = socket;
    this.port = port;
  }

  /**
   * Listens for subscribers; port 0 takes a free one.
   *
   * @throws IOException if the address cannot be bound
   */
  public static Publisher bind(InetSocketAddress address) throws IOException {
    String host = address.getAddress().getHostAddress();
    String url =
        "tcp://%s:%s"
            .formatted(
                host.indexOf(':') >= 0 ? "[" + host + "]" : host,
                address.getPort() == 0 ? "*" : Integer.toString(address.getPort()));
    ZContext context = new ZContext(1);
    try {
      ZMQ.Socket socket = context.createSocket(SocketType.PUB);
      socket.setLinger(0);
      socket.setIPv6(host.indexOf(':') >= 0);
      socket.bind(url);
      String bound = socket.getLastEndpoint();
      return new Publisher(
          context, socket, Integer.parseInt(bound.substring(bound.lastIndexOf(':') + 1)));
    } catch (ZMQException e) {
      context.close();
      throw new IOException("cannot listen on " + url, e);
    }
  }

  /** The port on which it listens. */
  public int port() {
    return port;
  }

  /** Sends one message to all who listen now; a subscriber that does not keep up loses it. */
  synchronized boolean publish(String body) {
    return socket.send(body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public synchronized void close() {
    context.close();
  }
}
