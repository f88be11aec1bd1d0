package dev.keystead.node.host;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keystead.program.HostConnection;
import dev.keystead.program.Refusals;
import dev.keystead.program.TaoAddress;
import dev.keystead.program.api.TaoGrpc;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostServerTest {
  @TempDir private Path folder;

  @Test
  void bytesThatAreNoMessageAreRefusedAsInvalid() throws IOException {
    try (HostServer server = server(HostLimits.DEFAULT);
        HostConnection connection = HostConnection.to(new TaoAddress(socket()))) {
      assertThat(server).isNotNull();
      MethodDescriptor<byte[], byte[]> seal =
          MethodDescriptor.<byte[], byte[]>newBuilder()
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(TaoGrpc.getSealMethod().getFullMethodName())
              .setRequestMarshaller(new Raw())
              .setResponseMarshaller(new Raw())
              .build();
      for (int i = 0; i < 3; i++) {
        assertThatExceptionOfType(StatusRuntimeException.class)
            .isThrownBy(() ->
                ClientCalls.blockingUnaryCall(
                    connection.channel(), seal, CallOptions.DEFAULT, new byte[] {0, 1, 2}))
            .satisfies(e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
              Metadata trailers = e.getTrailers();
              assertThat(trailers == null ? null : trailers.get(Refusals.REASON))
                  .isEqualTo("invalid");
            });
      }
    }
  }

  @Test
  void aCallerWithTooManyConnectionsLosesTheNewOnesOnly() throws IOException {
    try (HostServer server = server(new HostLimits(100, 3, 16))) {
      assertThat(server).isNotNull();
      List<SocketChannel> connections = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        connections.add(connect());
        assertThat(isGreeted(connections.getLast())).isTrue();
      }
      try (SocketChannel fourth = connect()) {
        assertThat(isGreeted(fourth)).isFalse();
      }
      connections.removeFirst().close();
      boolean greeted = false;
      for (int i = 0; i < 50 && !greeted; i++) {
        connections.add(connect());
        greeted = isGreeted(connections.getLast());
      }
      assertThat(greeted).isTrue();
      for (SocketChannel connection : connections) {
        connection.close();
      }
    }
  }

  private HostServer server(HostLimits limits) throws IOException {
    return HostServer.start(
        socket(), new PublicCallers(_ -> Optional.empty()), List.of(new TaoService()), limits);
  }

  private Path socket() {
    return folder.resolve("socket");
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket()));
    return channel;
  }

  /** A server of HTTP/2 answers the preface with its settings. */
  private static boolean isGreeted(SocketChannel channel) throws IOException {
    byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(US_ASCII);
    try {
      channel.write(ByteBuffer.wrap(preface));
      return channel.read(ByteBuffer.allocate(9)) > 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
