package dev.keystead.http;

import dev.keystead.http.HttpFailure.Reason;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One connection of a client. All state belongs to the pool's event loop. */
final class ClientConnection extends ChannelInboundHandlerAdapter {
  private final EndpointPool pool;
  private final ClientLimits limits;
  private @Nullable Exchange exchange;
  private @Nullable Channel channel;
  private @Nullable ResponseReader reader;
  private @Nullable Future<?> timer;
  private boolean reused;
  private boolean written;
  private boolean ended;

  ClientConnection(EndpointPool pool, Exchange first) {
    this.pool = pool;
    this.limits = pool.client().limits();
    this.exchange = first;
    first.carriedBy(this);
  }

  /** Looks up the host, connects and, once TLS stands, sends the first exchange. */
  void connect() {
    after(limits.connectTime(), () -> fail(Reason.CONNECT_TIMEOUT, "no connection in time", null));
    var _ =
        HostLookup.address(pool.endpoint().host())
            .whenComplete(
                (address, failure) -> pool.loop().execute(() -> lookedUp(address, failure)));
  }

  /** Sends an exchange on this connection, which was kept. */
  void send(Exchange next) {
    exchange = next;
    next.carriedBy(this);
    reused = true;
    write();
  }

  /** Closes and fails what is under way. */
  void clientClosed() {
    fail(Reason.CLOSED, "client is closed", null);
  }

  /** Closes; nobody waits for an answer any more. */
  void abandon() {
    exchange = null;
    end();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (pool.endpoint().tls().isEmpty()) {
      write();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        write();
      } else {
        fail(handshake.cause());
      }
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (exchange == null || reader == null) {
        end();
        return;
      }
      boolean headBefore = reader.hasHead();
      HttpResponse response = reader.read(in);
      if (response != null) {
        finish(response, !in.isReadable() && reader.keepAlive());
      } else if (reader.hasHead() && !headBefore) {
        cancelTimer();
      }
    } catch (HttpRefusal refusal) {
      boolean large = refusal.status() == 413 || refusal.status() == 431;
      fail(large ? Reason.TOO_LARGE : Reason.MALFORMED, "response: " + refusal.reason(), refusal);
    } finally {
      in.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    HttpResponse response = reader == null ? null : reader.end();
    if (response != null) {
      finish(response, false);
    } else {
      fail(Reason.CLOSED, "connection was closed before the response was complete", null);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(cause);
  }

  private void lookedUp(@Nullable InetAddress address, @Nullable Throwable failure) {
    if (ended) {
      return;
    }
    if (address == null) {
      fail(Reason.CONNECT_REFUSED, "host has no address", failure);
      return;
    }
    ChannelFuture connecting =
        new Bootstrap()
            .group(pool.loop())
            .channel(pool.client().loops().socket())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    initialise(channel);
                  }
                })
            .connect(new InetSocketAddress(address, pool.endpoint().port()));
    channel = connecting.channel();
    connecting.addListener(connected -> {
      if (!connected.isSuccess()) {
        fail(Reason.CONNECT_REFUSED, "connection was refused", connected.cause());
      }
    });
  }

  private void initialise(Channel channel) {
    pool.endpoint()
        .tls()
        .ifPresent(tls -> {
          Endpoint to = pool.endpoint();
          var handshakes = pool.client().handshakes();
          SslHandler handler = handshakes.begin(tls, to.host(), to.port(), channel.alloc());
          // The connect time covers the handshake.
          handler.setHandshakeTimeoutMillis(0);
          channel.closeFuture().addListener(closed -> handshakes.ended(handler));
          channel.pipeline().addLast(handler);
        });
    channel.pipeline().addLast(this);
  }

  private void write() {
    if (exchange == null || channel == null) {
      end();
      return;
    }
    ClientRequest request = exchange.request();
    reader = new ResponseReader(request.method(), limits);
    written = false;
    after(limits.headTime(), () -> fail(Reason.TIMEOUT, "no response head in time", null));
    channel
        .writeAndFlush(MessageWriter.request(channel.alloc(), pool.endpoint(), request))
        .addListener(done -> written = done.isSuccess());
  }

  private void finish(HttpResponse response, boolean keep) {
    Exchange finished = exchange;
    exchange = null;
    reader = null;
    cancelTimer();
    if (keep && written && !ended && !pool.client().isClosed()) {
      after(limits.idle(), this::end);
      pool.becameIdle(this);
    } else {
      end();
    }
    if (finished != null) {
      finished.carriedBy(null);
      finished.succeed(response);
    }
  }

  private void fail(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof CertificateException) {
        fail(Reason.TLS_UNTRUSTED, String.valueOf(t.getMessage()), cause);
        return;
      }
    }
    boolean tls = cause instanceof SSLException || cause.getCause() instanceof SSLException;
    fail(tls ? Reason.TLS_FAILED : Reason.CLOSED, String.valueOf(cause.getMessage()), cause);
  }

  private void fail(Reason reason, String detail, @Nullable Throwable cause) {
    Exchange failed = exchange;
    exchange = null;
    boolean stale = reason == Reason.CLOSED && reused && (reader == null || !reader.begun());
    if (failed == null) {
      end();
      return;
    }
    failed.carriedBy(null);
    if (stale && !pool.client().isClosed() && failed.mayRetry()) {
      pool.retry(failed);
      end();
    } else {
      end();
      failed.fail(new HttpFailure(reason, pool.endpoint() + ": " + detail, cause));
    }
  }

  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    cancelTimer();
    if (channel != null) {
      var _ = channel.close();
    }
    pool.closed(this);
  }

  private void after(Duration time, Runnable action) {
    cancelTimer();
    timer = pool.loop().schedule(action, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
