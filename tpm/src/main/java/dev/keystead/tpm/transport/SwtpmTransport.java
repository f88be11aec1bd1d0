package dev.keystead.tpm.transport;

import dev.keystead.tpm.ResponseHeader;
import dev.keystead.tpm.Transport;
import dev.keystead.tpm.structure.TpmFormatException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/**
 * swtpm's data channel over TCP or a Unix socket: commands and responses as they are, one behind
 * the other. swtpm serves one client at a time. A command and its response together have a time
 * limit, however slowly the bytes trickle in; interrupting the thread ends the wait.
 */
public final class SwtpmTransport implements Transport {
  /** Long enough for a software TPM to make an RSA-3072 key on a busy machine. */
  public static final Duration TIMEOUT = Duration.ofMinutes(2);

  private static final int SIZE_END = 6;

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final Duration timeout;

  private SwtpmTransport(SocketAddress address, Duration timeout) throws IOException {
    this.timeout = timeout;
    channel = SocketChannel.open(address);
    try {
      channel.configureBlocking(false);
      selector = Selector.open();
      key = channel.register(selector, 0);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Connects to a TCP port. */
  public static SwtpmTransport tcp(InetSocketAddress address, Duration timeout) throws IOException {
    SwtpmTransport transport = new SwtpmTransport(address, timeout);
    transport.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return transport;
  }

  /** Connects to a Unix socket. */
  public static SwtpmTransport unix(Path socket, Duration timeout) throws IOException {
    return new SwtpmTransport(UnixDomainSocketAddress.of(socket), timeout);
  }

  @Override
  public synchronized byte[] transmit(byte[] command) throws IOException {
    if (!channel.isOpen()) {
      throw new IOException("the connection to swtpm is closed");
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      ByteBuffer out = ByteBuffer.wrap(command);
      while (out.hasRemaining()) {
        await(SelectionKey.OP_WRITE, deadline);
        channel.write(out);
      }
      ByteBuffer start = ByteBuffer.allocate(SIZE_END);
      fill(start, deadline);
      ByteBuffer whole = ByteBuffer.allocate(ResponseHeader.size(start.array()));
      whole.put(start.flip());
      fill(whole, deadline);
      return whole.array();
    } catch (TpmFormatException e) {
      close();
      throw new IOException(e.getMessage(), e);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void fill(ByteBuffer buffer, long deadline) throws IOException {
    while (buffer.hasRemaining()) {
      await(SelectionKey.OP_READ, deadline);
      if (channel.read(buffer) < 0) {
        throw new EOFException("swtpm closed the connection in the middle of a response");
      }
    }
  }

  private void await(int operation, long deadline) throws IOException {
    key.interestOps(operation);
    do {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("no whole response within " + timeout.toMillis() + " ms");
      }
      selector.select(left);
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted while waiting for a response");
      }
    } while (selector.selectedKeys().isEmpty());
    selector.selectedKeys().clear();
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
