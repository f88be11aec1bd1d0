package dev.keystead.node.host;

import dev.keystead.program.HostConnection;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The local API on the host's public socket and on each program's {@link Door}. Services answer
 * small requests on the event loop that has read them, and the rest on threads of their own.
 */
final class HostServer implements AutoCloseable {
  private static final int MAX_METADATA = 8 << 10;
  private static final int RESETS = 200;
  private static final int RESET_SECONDS = 10;
  private static final int CLOSE_SECONDS = 5;

  private final EventLoopGroup loops;
  private final Server server;
  private final Channel socket;

  private HostServer(EventLoopGroup loops, Server server, Channel socket) {
    this.loops = loops;
    this.server = server;
    this.socket = socket;
  }

  /**
   * Listens on {@code path}, to which everybody may connect; what was there before is replaced, so
   * the caller makes sure that no other host runs there.
   */
  @SuppressWarnings("NullAway") // A null value takes an option of gRPC's out again: TCP's.
  static HostServer start(
      Path path, PublicCallers callers, List<BindableService> services, HostLimits limits)
      throws IOException {
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            Math.min(4, Runtime.getRuntime().availableProcessors()),
            new DefaultThreadFactory("keystead-host", true),
            EpollIoHandler.newFactory());
    CompletableFuture<Channel> socket = new CompletableFuture<>();
    AcceptGate gate = new AcceptGate(callers, limits);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new DomainSocketAddress(path.toString()))
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .channelFactory(() -> {
              Channel channel = new EpollServerDomainSocketChannel();
              channel.pipeline().addLast(gate);
              socket.complete(channel);
              return (EpollServerDomainSocketChannel) channel;
            })
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .protocolNegotiator(new CallerNegotiator())
            .intercept(new CallerContext())
            .maxConcurrentCallsPerConnection(limits.callsOfOne())
            .maxInboundMessageSize(HostConnection.MAX_MESSAGE)
            .maxInboundMetadataSize(MAX_METADATA)
            .flowControlWindow(HostConnection.MAX_MESSAGE)
            .maxRstFramesPerWindow(RESETS, RESET_SECONDS)
            .directExecutor();
    services.forEach(service -> builder.addService(WholeRequests.of(service.bindService())));
    try {
      Files.deleteIfExists(path);
      Server server = builder.build().start();
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
      return new HostServer(loops, server, socket.join());
    } catch (IOException e) {
      var _ = loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
      throw e;
    }
  }

  /** Opens the own socket of a program that is about to be started as this user. */
  Door door(Path folder, int uid) throws IOException {
    return Door.open(folder, uid, loops, socket);
  }

  /** Ends all connections. */
  @Override
  public void close() {
    server.shutdownNow();
    var _ = loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
    loops.terminationFuture().awaitUninterruptibly();
  }
}
