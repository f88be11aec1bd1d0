package dev.keystead.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

class MessageFuzzTest {
  private static final int BODY = 512;
  private static final HeadReader.Limits LIMITS = new HeadReader.Limits(256, 1024, 8);

  private record Message(RequestHead head, byte[] body, int length) {}

  @FuzzTest(maxDuration = "60s")
  void aRequestIsTheSameHoweverItIsCut(byte[] data) {
    Optional<Message> whole = read(data, Math.max(1, data.length));
    Optional<Message> bytewise = read(data, 1);
    assertThat(bytewise.map(Message::length)).isEqualTo(whole.map(Message::length));
    assertThat(bytewise.map(Message::head)).isEqualTo(whole.map(Message::head));
    if (whole.isPresent() && bytewise.isPresent()) {
      assertThat(bytewise.get().body())
          .isEqualTo(whole.get().body())
          .hasSizeLessThanOrEqualTo(BODY);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void aResponseIsReadOrRefused(byte[] data) {
    ClientLimits defaults = ClientLimits.defaults();
    ResponseReader reader = new ResponseReader("GET", defaults.withBody(BODY));
    try {
      HttpResponse response = reader.read(Unpooled.wrappedBuffer(data));
      if (response != null) {
        assertThat(response.body()).hasSizeLessThanOrEqualTo(BODY);
      }
    } catch (HttpRefusal refusal) {
      assertThat(refusal.status()).isIn(400, 413, 431);
    }
  }

  /** The first request in the data, if there is a whole and good one, read in pieces. */
  private static Optional<Message> read(byte[] data, int piece) {
    HeadReader heads = new HeadReader(LIMITS, new HttpRefusal(414, "long"));
    RequestHead head = null;
    BodyReader bodies = null;
    try {
      for (int at = 0; at < data.length; at += piece) {
        int end = Math.min(data.length, at + piece);
        ByteBuf in = Unpooled.wrappedBuffer(Arrays.copyOfRange(data, at, end));
        if (head == null) {
          HeadReader.Head raw = heads.read(in);
          if (raw == null) {
            continue;
          }
          head = RequestHead.parse(raw);
          bodies = head.framing().map(f -> new BodyReader(f, BODY, LIMITS)).orElse(null);
        }
        byte @Nullable [] body = bodies == null ? new byte[0] : bodies.read(in);
        if (body != null) {
          return Optional.of(new Message(head, body, end - in.readableBytes()));
        }
      }
    } catch (HttpRefusal refusal) {
      assertThat(refusal.status()).isIn(400, 413, 414, 431, 505);
    }
    return Optional.empty();
  }
}
