package dev.keystead.claims.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 8949: the examples of appendix A that we accept, and everything that we don't. */
class CborTest {
  private static final int MAX = 1 << 16;

  static Stream<Arguments> examples() {
    return Stream.of(
        Arguments.of("00", Cbor.of(0)),
        Arguments.of("01", Cbor.of(1)),
        Arguments.of("0a", Cbor.of(10)),
        Arguments.of("17", Cbor.of(23)),
        Arguments.of("1818", Cbor.of(24)),
        Arguments.of("1819", Cbor.of(25)),
        Arguments.of("1864", Cbor.of(100)),
        Arguments.of("1903e8", Cbor.of(1000)),
        Arguments.of("1a000f4240", Cbor.of(1000000)),
        Arguments.of("1b000000e8d4a51000", Cbor.of(1000000000000L)),
        Arguments.of("1b7fffffffffffffff", Cbor.of(Long.MAX_VALUE)),
        Arguments.of("20", Cbor.of(-1)),
        Arguments.of("29", Cbor.of(-10)),
        Arguments.of("3863", Cbor.of(-100)),
        Arguments.of("3903e7", Cbor.of(-1000)),
        Arguments.of("3b7fffffffffffffff", Cbor.of(Long.MIN_VALUE)),
        Arguments.of("40", Cbor.of(new byte[0])),
        Arguments.of("4401020304", Cbor.of(new byte[] {1, 2, 3, 4})),
        Arguments.of("60", Cbor.of("")),
        Arguments.of("6161", Cbor.of("a")),
        Arguments.of("6449455446", Cbor.of("IETF")),
        Arguments.of("62225c", Cbor.of("\"\\")),
        Arguments.of("62c3bc", Cbor.of("\u00fc")),
        Arguments.of("63e6b0b4", Cbor.of("\u6c34")),
        Arguments.of("64f0908591", Cbor.of("\ud800\udd51")),
        Arguments.of("80", Cbor.array()),
        Arguments.of("83010203", Cbor.array(Cbor.of(1), Cbor.of(2), Cbor.of(3))),
        Arguments.of(
            "8301820203820405",
            Cbor.array(
                Cbor.of(1),
                Cbor.array(Cbor.of(2), Cbor.of(3)),
                Cbor.array(Cbor.of(4), Cbor.of(5)))),
        Arguments.of("a0", new CborMap().toCbor()),
        Arguments.of("a201020304", new CborMap().put(3, Cbor.of(4)).put(1, Cbor.of(2)).toCbor()),
        Arguments.of(
            "a26161016162820203",
            new CborMap()
                .put(Cbor.of("b"), Cbor.array(Cbor.of(2), Cbor.of(3)))
                .put(Cbor.of("a"), Cbor.of(1))
                .toCbor()),
        Arguments.of("c11a514b67b0", new Cbor.Tag(1, Cbor.of(1363896240))),
        Arguments.of("d818456449455446", new Cbor.Tag(24, Cbor.of(ietf()))));
  }

  private static byte[] ietf() {
    return Cbor.of("IETF").encode();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theExamplesOfTheSpecificationAreReadAndWritten(String hex, Cbor item) throws Exception {
    assertThat(item.encode()).isEqualTo(HexFormat.of().parseHex(hex));
    assertThat(Cbor.parse(HexFormat.of().parseHex(hex), MAX)).isEqualTo(item);
  }

  @ParameterizedTest
  @CsvSource({
    "'', nothing",
    "0001, trailing byte",
    "1800, 24 in one byte too many",
    "1817, 23 in two bytes",
    "190018, 24 in three bytes",
    "1900ff, 255 in three bytes",
    "1a0000ffff, 65535 in five bytes",
    "1b00000000ffffffff, 2^32-1 in nine bytes",
    "1b8000000000000000, 2^63",
    "3b8000000000000000, below -2^63",
    "3817, -24 in two bytes",
    "5801, truncated byte string",
    "580141, short byte string in a long head",
    "41, truncated",
    "5bffffffffffffffff, a length of 2^64-1",
    "5b7fffffffffffffff, a length of 2^63-1",
    "7b7fffffffffffffff, a text of 2^63-1",
    "61ff, no UTF-8",
    "62c080, overlong UTF-8",
    "63eda080, a surrogate",
    "81, array without its item",
    "9a7fffffff, array of 2^31-1 items",
    "9b7fffffffffffffff, array of 2^63-1 items",
    "a1, map without its entry",
    "a101, map without a value",
    "ba7fffffff, map of 2^31-1 entries",
    "a201020102, a key twice",
    "a203040102, keys out of order",
    "a2616200616100, text keys out of order",
    "a2200001 00, negative key before a positive one",
    "9fff, indefinite array",
    "bfff, indefinite map",
    "5fff, indefinite byte string",
    "7fff, indefinite text",
    "ff, break",
    "f4, false",
    "f5, true",
    "f6, null",
    "f7, undefined",
    "f93c00, half",
    "fa47c35000, single",
    "fb3ff199999999999a, double",
    "1c, reserved head",
    "c1, tag without an item"
  })
  void everythingElseIsRefused(String hex, String what) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThatThrownBy(() -> Cbor.parse(bytes, MAX)).as(what).isInstanceOf(CborException.class);
  }

  @Test
  void aNestingBombIsRefused() {
    for (int head : new int[] {0x81, 0xc1}) {
      byte[] bomb = new byte[MAX];
      Arrays.fill(bomb, (byte) head);
      assertThatThrownBy(() -> Cbor.parse(bomb, MAX))
          .isInstanceOf(CborException.class)
          .hasMessageContaining("nested");
    }
  }

  @Test
  void moreThanTheLimitIsNotEvenLookedAt() {
    assertThatThrownBy(() -> Cbor.parse(new byte[] {0x41, 0}, 1)).isInstanceOf(CborException.class);
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsWrittenIsReadBackAndNoCutOfItIs(long seed) throws Exception {
    Cbor item = item(new Random(seed), 0);
    byte[] bytes = item.encode();
    assertThat(Cbor.parse(bytes, MAX)).isEqualTo(item);
    for (int size = 0; size < bytes.length; size++) {
      byte[] cut = Arrays.copyOf(bytes, size);
      assertThatThrownBy(() -> Cbor.parse(cut, MAX)).isInstanceOf(CborException.class);
    }
  }

  private static Cbor item(Random random, int depth) {
    return switch (random.nextInt(depth < 4 ? 6 : 3)) {
      case 0 -> Cbor.of(random.nextLong() >> random.nextInt(64));
      case 1 -> Cbor.of(HexFormat.of().formatHex(bytes(random)));
      case 2 -> Cbor.of(bytes(random));
      case 3 -> {
        List<Cbor> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          items.add(item(random, depth + 1));
        }
        yield new Cbor.Array(items);
      }
      case 4 -> {
        CborMap map = new CborMap();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put(i * 100 - 200, item(random, depth + 1));
        }
        yield map.toCbor();
      }
      default -> new Cbor.Tag(random.nextInt(1000), item(random, depth + 1));
    };
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void whatHasNoEncodingIsNotWritten() {
    assertThatThrownBy(() -> Cbor.of("\ud800").encode())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CborMap().put(1, Cbor.of(1)).put(1, Cbor.of(2)).toCbor())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void fieldsAreTakenWithTypeAndLimitAndNoneIsLeft() throws Exception {
    byte[] bytes =
        new CborMap()
            .put(1, Cbor.of(-5))
            .put(2, Cbor.of("text"))
            .put(3, Cbor.of("four".getBytes(StandardCharsets.US_ASCII)))
            .encode();
    CborFields fields = CborFields.parse(bytes, MAX, "the test");
    assertThat(fields.integer(1)).isEqualTo(-5);
    assertThat(fields.text(2, 4)).isEqualTo("text");
    assertThatThrownBy(fields::end).hasMessage("the test has a field 3 that is not known");
    assertThat(fields.bytes(3, 4, 4)).hasSize(4);
    assertThat(fields.optionalBytes(9, 0, 1)).isEmpty();
    fields.end();
    assertThatThrownBy(() -> fields.uint(1)).isInstanceOf(CborException.class);
    assertThatThrownBy(() -> fields.uint(4)).hasMessage("the test has no field 4");
    assertThatThrownBy(() -> fields.text(2, 3)).isInstanceOf(CborException.class);
    assertThatThrownBy(() -> fields.bytes(3, 0, 3)).isInstanceOf(CborException.class);
    assertThatThrownBy(() -> fields.bytes(3, 5, 9)).isInstanceOf(CborException.class);
    assertThatThrownBy(() -> fields.bytes(2, 0, 9)).isInstanceOf(CborException.class);
    assertThatThrownBy(() -> CborFields.of(Cbor.array(), "it")).isInstanceOf(CborException.class);
    Cbor named = new CborMap().put(Cbor.of("a"), Cbor.of(1)).toCbor();
    assertThatThrownBy(() -> CborFields.of(named, "it")).isInstanceOf(CborException.class);
  }
}
