package dev.keystead.http.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;

/** Makes the TLS side of a server's connections. */
public final class ServerHandshakes {
  private final SslContext context;

  ServerHandshakes(SslContext context) {
    this.context = context;
  }

  /** A handler for one connection. */
  public SslHandler begin(ByteBufAllocator alloc) {
    return TlsContexts.withoutTickets(context.newHandler(alloc));
  }
}
