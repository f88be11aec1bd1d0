package dev.keystead.node.revocation;

import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.revocation.SignedRevocation;
import dev.keystead.node.AgentException;
import dev.keystead.node.Audit;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * Revocations by ZeroMQ (section 6): a SUB socket to the verifier's publisher. The connection is
 * not encrypted and says nothing about who is at its other end; each message goes the same way as
 * one that was posted, and is believed for its signature alone. What is published while the
 * connection is down is lost here, and comes to the agent's port all the same.
 */
public final class RevocationSubscriber implements AutoCloseable {
  private static final Limits LIMITS = Limits.WIRE.withBytes(512 << 10);
  private static final System.Logger LOG = System.getLogger(RevocationSubscriber.class.getName());
  private static final int LOOK_UP_MILLIS = 500;
  private static final int LONGEST_PAUSE_MILLIS = 30_000;

  private final ContactAddress publisher;
  private final RevocationInbox inbox;
  private final Audit audit;
  private final Thread thread;
  private volatile boolean closed;

  /** Listens to {@code publisher} until it is closed, connecting again whenever that is needed. */
  public RevocationSubscriber(ContactAddress publisher, RevocationInbox inbox, Audit audit) {
    this.publisher = publisher;
    this.inbox = inbox;
    this.audit = audit;
    this.thread = Thread.ofPlatform().daemon().name("keystead-subscriber").start(this::listen);
  }

  private void listen() {
    try (ZContext context = new ZContext(1)) {
      ZMQ.Socket socket = context.createSocket(SocketType.SUB);
      socket.setReceiveTimeOut(LOOK_UP_MILLIS);
      socket.setMaxMsgSize(LIMITS.bytes());
      socket.setReconnectIVLMax(LONGEST_PAUSE_MILLIS);
      socket.setIPv6(publisher.host().indexOf(':') >= 0);
      socket.subscribe(new byte[0]);
      socket.connect("tcp://" + publisher.authority());
      while (!closed) {
        byte[] message = socket.recv();
        if (message != null) {
          take(message);
        }
      }
    }
  }

  private void take(byte[] message) {
    try {
      inbox.take(SignedRevocation.parse(Message.parse(message, LIMITS)));
    } catch (WireException e) {
      audit.refused("revocation", String.valueOf(e.getMessage()));
    } catch (AgentException e) {
      LOG.log(System.Logger.Level.ERROR, "a revocation cannot be taken: {0}", e.getMessage());
    }
  }

  /** Stops to listen. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(4L * LOOK_UP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
