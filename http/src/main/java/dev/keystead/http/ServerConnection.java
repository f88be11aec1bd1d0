package dev.keystead.http;

import dev.keystead.http.tls.VerifiedPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection of a server. All state belongs to the channel's event loop. */
final class ServerConnection extends ChannelInboundHandlerAdapter {
  private static final System.Logger LOG = System.getLogger(HttpServer.class.getName());

  private enum Phase {
    HANDSHAKE,
    HEAD,
    BODY,
    HANDLER,
    RESPONSE,
    LAST_RESPONSE,
    LINGER
  }

  private final SocketChannel channel;
  private final ServerConfig config;
  private final Dispatch dispatch;
  private final HeadReader.Limits headLimits;
  private Phase phase = Phase.HANDSHAKE;
  private HeadReader headReader;
  private @Nullable Peer peer;
  private @Nullable RequestHead head;
  private @Nullable BodyReader bodyReader;
  private @Nullable ByteBuf ahead;
  private @Nullable Future<?> timer;
  private boolean inputEnded;
  private boolean draining;

  ServerConnection(SocketChannel channel, ServerConfig config, Dispatch dispatch) {
    this.channel = channel;
    this.config = config;
    this.dispatch = dispatch;
    ServerLimits limits = config.limits();
    headLimits = new HeadReader.Limits(limits.startLine(), limits.head(), limits.headers());
    headReader = newHeadReader();
  }

  ChannelFuture closed() {
    return channel.closeFuture();
  }

  void closeNow() {
    var _ = channel.close();
  }

  /** Closes after the request that is under way, at once if there is none. */
  void drain() {
    channel
        .eventLoop()
        .execute(() -> {
          draining = true;
          if (phase == Phase.HANDSHAKE || (phase == Phase.HEAD && headReader.isEmpty())) {
            closeNow();
          }
        });
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (config.tls().isEmpty()) {
      open(new Peer(channel.remoteAddress(), false, Optional.empty()));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        open(new Peer(channel.remoteAddress(), true, VerifiedPeer.chain(tls.engine())));
      } else {
        LOG.log(Level.DEBUG, "TLS handshake failed: {0}", handshake.cause().getMessage());
        closeNow();
      }
    } else if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      if (phase != Phase.HANDLER && phase != Phase.RESPONSE && phase != Phase.LAST_RESPONSE) {
        endOfInput();
      }
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (phase == Phase.LAST_RESPONSE || phase == Phase.LINGER || phase == Phase.HANDSHAKE) {
      in.release();
      return;
    }
    ahead = ahead == null ? in : Unpooled.wrappedBuffer(ahead, in);
    advance();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    cancelTimer();
    dropAhead();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException) && !(cause.getCause() instanceof IOException)) {
      LOG.log(Level.ERROR, "a connection failed", cause);
    }
    closeNow();
  }

  private void open(Peer peer) {
    this.peer = peer;
    phase = Phase.HEAD;
    after(config.limits().headTime(), this::headTooSlow);
    if (draining) {
      closeNow();
    }
  }

  /** Takes what has arrived as far as it goes: one request at a time. */
  private void advance() {
    try {
      while (ahead != null && ahead.isReadable() && reading()) {
        if (phase == Phase.HEAD) {
          readHead(ahead);
        } else {
          readBody(ahead);
        }
      }
    } catch (HttpRefusal refusal) {
      refuse(refusal);
    }
    if (ahead != null && !ahead.isReadable()) {
      dropAhead();
    }
  }

  private boolean reading() {
    return phase == Phase.HEAD || phase == Phase.BODY;
  }

  private void readHead(ByteBuf in) {
    if (headReader.isEmpty()) {
      after(config.limits().headTime(), this::headTooSlow);
    }
    HeadReader.Head raw = headReader.read(in);
    if (raw == null) {
      return;
    }
    RequestHead request = RequestHead.parse(raw);
    head = request;
    boolean waits = request.expectsContinue();
    if (request.framing().isEmpty()) {
      handle(request, new byte[0]);
      return;
    }
    int limit =
        config.bodyLimit().maxBytes(request.method(), request.target(), request.headers(), peer());
    BodyReader body = new BodyReader(request.framing().get(), limit, headLimits);
    if (body.isDone()) {
      handle(request, new byte[0]);
      return;
    }
    bodyReader = body;
    phase = Phase.BODY;
    after(config.limits().bodyTime(), () -> refuse(new HttpRefusal(408, "body came too slowly")));
    if (waits && !in.isReadable()) {
      var _ = channel.writeAndFlush(MessageWriter.interim(channel.alloc()));
    }
  }

  private void readBody(ByteBuf in) {
    if (bodyReader == null || head == null) {
      throw new IllegalStateException("no body is being read");
    }
    byte[] body = bodyReader.read(in);
    if (body != null) {
      handle(head, body);
    }
  }

  private void handle(RequestHead request, byte[] body) {
    phase = Phase.HANDLER;
    bodyReader = null;
    cancelTimer();
    channel.config().setAutoRead(false);
    var _ =
        dispatch
            .answer(
                new HttpRequest(
                    request.method(), request.target(), request.headers(), body, peer()))
            .thenAccept(response -> channel.eventLoop().execute(() -> respond(request, response)));
  }

  private Peer peer() {
    if (peer == null) {
      throw new IllegalStateException("no peer");
    }
    return peer;
  }

  private void respond(RequestHead request, HttpResponse response) {
    boolean close =
        draining
            || (inputEnded && ahead == null)
            || !request.keepAlive()
            || response.headers().lists("Connection", "close");
    phase = close ? Phase.LAST_RESPONSE : Phase.RESPONSE;
    write(response, close, request.method().equals("HEAD"), close ? this::linger : this::next);
  }

  private void refuse(HttpRefusal refusal) {
    boolean headOnly = head != null && head.method().equals("HEAD");
    phase = Phase.LAST_RESPONSE;
    dropAhead();
    write(dispatch.refuse(refusal), true, headOnly, this::linger);
  }

  private void write(HttpResponse response, boolean close, boolean headOnly, Runnable then) {
    after(config.limits().writeTime(), this::closeNow);
    var _ =
        channel
            .writeAndFlush(
                MessageWriter.response(channel.alloc(), response, close, headOnly, Instant.now()))
            .addListener(written -> {
              if (written.isSuccess()) {
                then.run();
              } else {
                cancelTimer();
                closeNow();
              }
            });
  }

  private void next() {
    head = null;
    headReader = newHeadReader();
    phase = Phase.HEAD;
    if (draining) {
      closeNow();
      return;
    }
    after(config.limits().idle(), this::closeNow);
    advance();
    if (!reading()) {
      return;
    }
    if (inputEnded) {
      endOfInput();
    } else {
      channel.config().setAutoRead(true);
    }
  }

  /** The client sends no more: a request that is not complete never will be. */
  private void endOfInput() {
    if ((phase == Phase.HEAD && !headReader.isEmpty()) || phase == Phase.BODY) {
      refuse(HttpRefusal.malformed("request is cut short"));
    } else {
      closeNow();
    }
  }

  /**
   * Ends the output and discards input for a while: closing with unread input would reset the
   * connection and could take the answer away from the client.
   */
  private void linger() {
    phase = Phase.LINGER;
    dropAhead();
    if (inputEnded) {
      closeNow();
      return;
    }
    after(config.limits().lingerTime(), this::closeNow);
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      endOutput();
    } else {
      var _ = tls.closeOutbound().addListener(sent -> endOutput());
    }
    channel.config().setAutoRead(true);
  }

  private void endOutput() {
    var _ = channel.shutdownOutput();
  }

  private void headTooSlow() {
    if (headReader.isEmpty()) {
      closeNow();
    } else {
      refuse(new HttpRefusal(408, "head came too slowly"));
    }
  }

  private void after(Duration time, Runnable action) {
    cancelTimer();
    timer = channel.eventLoop().schedule(action, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void dropAhead() {
    if (ahead != null) {
      ahead.release();
      ahead = null;
    }
  }

  private HeadReader newHeadReader() {
    return new HeadReader(headLimits, new HttpRefusal(414, "request line is too long"));
  }
}
