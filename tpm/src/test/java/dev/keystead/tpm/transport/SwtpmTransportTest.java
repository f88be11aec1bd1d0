package dev.keystead.tpm.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.tpm.TpmException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that do not keep to the protocol. */
class SwtpmTransportTest {
  private static final byte[] COMMAND = {(byte) 0x80, 1, 0, 0, 0, 10, 0, 0, 1, 0x7b};
  private static final byte[] RESPONSE = {(byte) 0x80, 1, 0, 0, 0, 12, 0, 0, 0, 0, 1, 2};

  /** What a peer does with its one connection. */
  private interface Peer {
    void serve(Socket socket) throws Exception;
  }

  private static void against(Peer peer, Consumer<SwtpmTransport> check) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread thread =
          Thread.ofVirtual()
              .start(() -> {
                try (Socket socket = server.accept()) {
                  byte[] command = socket.getInputStream().readNBytes(COMMAND.length);
                  assertThat(command).isEqualTo(COMMAND);
                  peer.serve(socket);
                } catch (Exception e) {
                  // The transport has hung up, which is what most of these tests want.
                }
              });
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
      try (SwtpmTransport transport = SwtpmTransport.tcp(address, Duration.ofMillis(700))) {
        check.accept(transport);
      }
      thread.join();
    }
  }

  private static void refused(SwtpmTransport transport, String message) {
    assertThatThrownBy(() -> transport.transmit(COMMAND))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> transport.transmit(COMMAND)).isInstanceOf(IOException.class);
  }

  @Test
  void aResponseInPiecesIsPutTogether() throws Exception {
    against(
        socket -> {
          for (byte b : RESPONSE) {
            socket.getOutputStream().write(b);
            Thread.sleep(2);
          }
        },
        transport -> {
          try {
            assertThat(transport.transmit(COMMAND)).isEqualTo(RESPONSE);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void aPeerThatTricklesRunsIntoTheTimeLimit() throws Exception {
    against(
        socket -> {
          for (byte b : RESPONSE) {
            socket.getOutputStream().write(b);
            Thread.sleep(150);
          }
        },
        transport -> refused(transport, "no whole response within 700 ms"));
  }

  @Test
  void aPeerThatHangsUpIsAnError() throws Exception {
    against(
        socket -> socket.getOutputStream().write(RESPONSE, 0, 8),
        transport -> refused(transport, "closed the connection"));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 9, 4097, Integer.MAX_VALUE})
  void aSizeThatNoResponseHasIsRefusedBeforeAnythingIsAllocated(int size) throws Exception {
    byte[] start = ByteBuffer.allocate(10).putShort((short) 0x8001).putInt(size).array();
    against(
        socket -> socket.getOutputStream().write(start),
        transport -> refused(transport, "a response of " + Integer.toUnsignedString(size)));
  }

  @Test
  void nobodyListeningIsSaidSo() throws Exception {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
    }
    assertThatThrownBy(() -> new TpmAddress.SwtpmTcp("127.0.0.1", port).open())
        .isInstanceOf(TpmException.class)
        .hasMessageContaining("cannot be opened");
  }
}
