package dev.keystead.program;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** A gRPC channel to a host's socket, with one thread of its own. */
public final class HostConnection implements AutoCloseable {
  /** The most bytes of a message, either way. */
  public static final int MAX_MESSAGE = 2 << 20;

  private static final int MAX_METADATA = 8 << 10;
  private static final int CLOSE_SECONDS = 5;

  private final EventLoopGroup loop;
  private final ManagedChannel channel;

  private HostConnection(EventLoopGroup loop, ManagedChannel channel) {
    this.loop = loop;
    this.channel = channel;
  }

  /** To the host at this address; the socket is connected at the first call. */
  @SuppressWarnings("NullAway") // A null value takes an option of gRPC's out again: TCP's.
  public static HostConnection to(TaoAddress address) {
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("keystead-tao", true), EpollIoHandler.newFactory());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(address.path().toString()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(loop)
            .overrideAuthority("localhost")
            .usePlaintext()
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .disableRetry()
            .flowControlWindow(MAX_MESSAGE)
            .maxInboundMessageSize(MAX_MESSAGE)
            .maxInboundMetadataSize(MAX_METADATA)
            .build();
    return new HostConnection(loop, channel);
  }

  /** For stubs. */
  public ManagedChannel channel() {
    return channel;
  }

  /** Ends calls that are under way, and the thread. */
  @Override
  public void close() {
    channel.shutdownNow();
    var _ = loop.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
  }
}
