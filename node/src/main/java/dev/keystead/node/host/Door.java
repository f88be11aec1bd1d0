package dev.keystead.node.host;

import dev.keystead.tao.Tao;
import dev.keystead.tao.kernel.Fd;
import dev.keystead.tao.kernel.Kernel;
import dev.keystead.tao.linux.ProgramSocket;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * One program's own socket. It listens, so that the program and whom it trusts can make as many
 * connections as they need, one after the other or at once; and it has no name in the file system,
 * so that nobody connects who does not hold the descriptor that the program inherited. Until the
 * program is known, connections wait in the kernel.
 */
final class Door implements ProgramSocket {
  private static final SecureRandom NAMES = new SecureRandom();

  private final Channel listening;
  private final ChannelGroup connections;
  private final Fd descriptor;

  private Door(Channel listening, ChannelGroup connections, Fd descriptor) {
    this.listening = listening;
    this.connections = connections;
    this.descriptor = descriptor;
  }

  /**
   * Opens the socket of a program that is about to be started.
   *
   * @param folder private to the host (0700), on a path of at most 90 bytes
   * @param uid the only user, beside root, that can connect
   * @param server where connections go
   */
  static Door open(Path folder, int uid, EventLoopGroup loops, Channel server) throws IOException {
    Path name = folder.resolve(HexFormat.of().toHexDigits(NAMES.nextLong()));
    ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
    Channel listening =
        new Bootstrap()
            .group(loops)
            .channelFactory(EpollServerDomainSocketChannel::new)
            .option(ChannelOption.AUTO_READ, false)
            .handler(new Entrance(server, connections))
            .bind(new DomainSocketAddress(name.toString()))
            .syncUninterruptibly()
            .channel();
    try {
      Files.setPosixFilePermissions(name, PosixFilePermissions.fromString("rw-------"));
      if ((int) Files.getAttribute(name, "unix:uid") != uid) {
        Files.setAttribute(name, "unix:uid", uid);
      }
      return new Door(listening, connections, Kernel.open(name, Kernel.O_PATH, 0));
    } catch (IOException e) {
      var _ = listening.close();
      throw e;
    } finally {
      Files.deleteIfExists(name);
    }
  }

  /** An O_PATH descriptor of the socket. */
  @Override
  public int descriptor() {
    return descriptor.number();
  }

  @Override
  public void serve(Tao tao) {
    listening.attr(AcceptGate.CALLER).set(new Caller.Program(this, tao));
    listening.config().setAutoRead(true);
  }

  @Override
  public void close() {
    listening.close().syncUninterruptibly();
    var _ = connections.close();
    descriptor.close();
  }

  /** Hands each connection over to the server, with the name of the program on it. */
  private static final class Entrance extends ChannelInboundHandlerAdapter {
    private final Channel server;
    private final ChannelGroup connections;

    Entrance(Channel server, ChannelGroup connections) {
      this.server = server;
      this.connections = connections;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      Channel connection = (Channel) message;
      connection.attr(AcceptGate.CALLER).set(context.channel().attr(AcceptGate.CALLER).get());
      connections.add(connection);
      server.pipeline().fireChannelRead(connection);
    }
  }
}
