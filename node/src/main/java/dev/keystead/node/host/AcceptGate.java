package dev.keystead.node.host;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;

/**
 * Stands before the server's own acceptor: finds out who made a connection, from the kernel alone,
 * and closes it when its caller, or the host, has too many.
 */
@ChannelHandler.Sharable
final class AcceptGate extends ChannelInboundHandlerAdapter {
  /** Who made the connection. */
  static final AttributeKey<Caller> CALLER = AttributeKey.valueOf("dev.keystead.caller");

  private static final System.Logger LOG = System.getLogger(AcceptGate.class.getName());

  private final PublicCallers callers;
  private final HostLimits limits;
  private final Map<Object, Integer> connections = new HashMap<>();
  private int total;

  AcceptGate(PublicCallers callers, HostLimits limits) {
    this.callers = callers;
    this.limits = limits;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    EpollDomainSocketChannel connection = (EpollDomainSocketChannel) message;
    Caller caller = connection.attr(CALLER).get();
    try {
      if (caller == null) {
        caller = callers.of(connection);
        connection.attr(CALLER).set(caller);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a connection of nobody known: {0}", e.getMessage());
      connection.unsafe().closeForcibly();
      return;
    }
    Object account = caller.account();
    if (!take(account)) {
      LOG.log(Level.WARNING, "too many connections of {0}", account);
      connection.unsafe().closeForcibly();
      return;
    }
    connection.closeFuture().addListener(_ -> giveBack(account));
    context.fireChannelRead(connection);
  }

  private synchronized boolean take(Object account) {
    int own = connections.getOrDefault(account, 0);
    if (total >= limits.connections() || own >= limits.connectionsOfOne()) {
      return false;
    }
    connections.put(account, own + 1);
    total++;
    return true;
  }

  private synchronized void giveBack(Object account) {
    connections.computeIfPresent(account, (_, count) -> count == 1 ? null : count - 1);
    total--;
  }
}
