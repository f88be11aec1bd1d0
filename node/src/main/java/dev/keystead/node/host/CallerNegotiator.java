package dev.keystead.node.host;

import io.grpc.Attributes;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AsciiString;

/**
 * HTTP/2 without TLS, which carries what {@link AcceptGate} found out about a connection over to
 * the calls that come through it.
 */
final class CallerNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
  /** Who made the connection. */
  static final Attributes.Key<Caller> CALLER = Attributes.Key.create("dev.keystead.caller");

  private final InternalProtocolNegotiator.ProtocolNegotiator plain =
      InternalProtocolNegotiators.serverPlaintext();

  @Override
  public AsciiString scheme() {
    return plain.scheme();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler http2) {
    ChannelHandler next = plain.newHandler(http2);
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (!(event instanceof ProtocolNegotiationEvent begun)) {
          super.userEventTriggered(context, event);
          return;
        }
        Caller caller = context.channel().attr(AcceptGate.CALLER).get();
        if (caller == null) {
          throw new IllegalStateException("a connection that nobody has looked at");
        }
        Attributes attributes =
            InternalProtocolNegotiationEvent.getAttributes(begun).toBuilder()
                .set(CALLER, caller)
                .build();
        context.pipeline().replace(context.name(), null, next);
        context
            .pipeline()
            .fireUserEventTriggered(
                InternalProtocolNegotiationEvent.withAttributes(begun, attributes));
      }
    };
  }

  @Override
  public void close() {
    plain.close();
  }
}
