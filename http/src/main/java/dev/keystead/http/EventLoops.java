package dev.keystead.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which all sockets of a process are served: a few event loops, shared by every
 * server and client that is given this object. Linux epoll where its native library is there, NIO
 * elsewhere. The threads are daemons.
 */
public final class EventLoops implements AutoCloseable {
  private static final int CLOSE_SECONDS = 5;

  private final EventLoopGroup group;
  private final boolean epoll = Epoll.isAvailable();

  private EventLoops(int threads) {
    IoHandlerFactory transport = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("keystead-io", true), transport);
  }

  /** One loop per processor, four at most. */
  public static EventLoops start() {
    return start(Math.min(4, Runtime.getRuntime().availableProcessors()));
  }

  /** A number of loops, at least one. */
  public static EventLoops start(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads " + threads);
    }
    return new EventLoops(threads);
  }

  EventLoopGroup group() {
    return group;
  }

  Class<? extends Channel> socket() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  Class<? extends ServerSocketChannel> serverSocket() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /**
   * Ends the threads and every connection that is still open. Close servers and clients first. Must
   * not be called on an event loop.
   */
  @Override
  public void close() {
    var _ = group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
    group.terminationFuture().awaitUninterruptibly();
  }
}
