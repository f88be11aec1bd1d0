package dev.keystead.http;

import dev.keystead.http.tls.ServerHandshakes;
import dev.keystead.http.tls.ServerTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Serves HTTP/1.1 (RFC 9110, RFC 9112) over TCP or TLS. One request at a time per connection; what
 * a client sends ahead is served in order. HTTP/1.0 is answered and closed. After a request that it
 * refuses the server answers and closes, so nothing that follows is taken for a request.
 */
public final class HttpServer implements AutoCloseable {
  private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

  private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
  private final Channel listener;
  private volatile boolean closing;

  private HttpServer(EventLoops loops, ServerConfig config, Dispatch dispatch) throws IOException {
    ServerLimits limits = config.limits();
    ConnectionGate gate = new ConnectionGate(limits.connections(), limits.connectionsPerAddress());
    Optional<ServerHandshakes> tls = config.tls().map(ServerTls::handshakes);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverSocket())
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    InetAddress address = channel.remoteAddress().getAddress();
                    if (!gate.enter(address)) {
                      var _ = channel.close();
                      return;
                    }
                    ServerConnection connection = new ServerConnection(channel, config, dispatch);
                    connections.add(connection);
                    if (closing) {
                      connection.closeNow();
                    }
                    var _ =
                        channel
                            .closeFuture()
                            .addListener(closed -> {
                              connections.remove(connection);
                              gate.leave(address);
                            });
                    tls.ifPresent(
                        handshakes -> channel.pipeline().addLast(tls(handshakes, channel)));
                    channel.pipeline().addLast(connection);
                  }

                  private SslHandler tls(ServerHandshakes handshakes, SocketChannel channel) {
                    SslHandler handler = handshakes.begin(channel.alloc());
                    handler.setHandshakeTimeoutMillis(limits.handshakeTime().toMillis());
                    return handler;
                  }
                })
            .bind(config.bind())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot listen on " + config.bind(), bound.cause());
    }
    listener = bound.channel();
  }

  /**
   * Starts to listen. The handler is called on virtual threads.
   *
   * @throws IOException if the address cannot be bound
   */
  public static HttpServer start(EventLoops loops, ServerConfig config, Handler handler)
      throws IOException {
    return new HttpServer(
        loops, config, Dispatch.blocking(handler, config.limits().requests(), config.errors()));
  }

  /**
   * Starts to listen. The handler is called on the event loops and must not block.
   *
   * @throws IOException if the address cannot be bound
   */
  public static HttpServer startAsync(EventLoops loops, ServerConfig config, AsyncHandler handler)
      throws IOException {
    return new HttpServer(loops, config, Dispatch.async(handler, config.errors()));
  }

  /** Where it listens, with the port that was taken. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** The port on which it listens. */
  public int port() {
    return address().getPort();
  }

  /**
   * Stops to listen, closes idle connections, lets requests that are under way be answered for at
   * most five seconds, then closes what is left. Must not be called on an event loop.
   */
  @Override
  public void close() {
    closing = true;
    listener.close().awaitUninterruptibly();
    long deadline = System.nanoTime() + CLOSE_GRACE.toNanos();
    for (ServerConnection connection : connections) {
      connection.drain();
    }
    for (ServerConnection connection : connections) {
      var _ =
          connection
              .closed()
              .awaitUninterruptibly(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      connection.closeNow();
    }
  }
}
