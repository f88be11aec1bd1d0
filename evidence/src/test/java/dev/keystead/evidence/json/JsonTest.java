package dev.keystead.evidence.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static final Limits SMALL = new Limits(100, 3, 6, 10, 5);

  private static Json parse(String text) {
    return Json.parse(text, Limits.WIRE);
  }

  @Test
  void everyKindOfValueIsReadExactly() {
    Json value =
        parse(
            " {\"a\": [1, -0.50e+3, true, false, null], \"b\\u00e9\\ud83d\\ude00/\": \"x\\n\"}\n");
    assertThat(value.toString())
        .isEqualTo("{\"a\":[1,-0.50e+3,true,false,null],\"bé😀/\":\"x\\n\"}");
    assertThat(value.pretty()).startsWith("{\n  \"a\": [\n    1,\n").endsWith("}\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\" 1}",
        "01",
        "1.",
        ".5",
        "-",
        "+1",
        "1e",
        "NaN",
        "tru",
        "truex",
        "nul",
        "'a'",
        "\"a",
        "\"\\",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\u123\"",
        "\"\t\"",
        "1 2",
        "[1]]",
        "{}x",
        "\uFEFF{}",
        "/**/1",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud800\\u0041\"",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "[1 2]",
        "]",
      })
  void whatIsNotJsonIsRefused(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(JsonException.class);
  }

  @Test
  void invalidUtf8AndUnpairedSurrogatesAreRefused() {
    byte[][] bad = {
      {'"', (byte) 0xff, '"'},
      {'"', (byte) 0xc0, (byte) 0x80, '"'},
      {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
      {'"', (byte) 0xe4, (byte) 0xb8, '"'},
      {'"', (byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80, '"'}
    };
    for (byte[] text : bad) {
      assertThatThrownBy(() -> Json.parse(text, Limits.WIRE)).hasMessageContaining("not UTF-8");
    }
    assertThatThrownBy(() -> parse("\"\ud800\"")).hasMessageContaining("unpaired surrogate");
    assertThatThrownBy(() -> Json.of("\udc00")).isInstanceOf(JsonException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "[[[[1]]]]~deeper than 3",
        "[1,2,3,4,5,6]~more than 6 values",
        "\"01234567890\"~a string of more than 10 bytes",
        "123456~a number of more than 5 characters",
      })
  void eachLimitRefuses(String text, String reason) {
    assertThatThrownBy(() -> Json.parse(text, SMALL)).hasMessageContaining(reason);
  }

  @Test
  void aTextBeyondItsSizeIsRefusedBeforeItIsRead() {
    assertThatThrownBy(() -> Json.parse(new byte[101], SMALL)).hasMessage("more than 100 bytes");
    assertThatThrownBy(() -> Json.parse("x".repeat(101), SMALL)).hasMessage("more than 100 bytes");
  }

  @Test
  void aHundredThousandOpenBracketsAreRefusedWithoutAStackOverflow() {
    assertThatThrownBy(() -> parse("[".repeat(100_000))).hasMessageContaining("deeper than 32");
  }

  @Test
  void fieldsSayWhereAndWhatWasExpected() {
    Fields fields =
        Json.parseObject(
                "{\"port\":\"9002\",\"list\":[1,\"x\"],\"b\":\"AA==\",\"in\":{\"n\":1.5}}"
                    .getBytes(StandardCharsets.UTF_8),
                Limits.WIRE)
            .fields("");
    assertThatThrownBy(() -> fields.integer("port", 1, 65_535))
        .hasMessage("port: expected a number from 1 to 65535, found a string");
    assertThatThrownBy(() -> fields.text("ip")).hasMessage("ip: missing");
    assertThatThrownBy(() -> fields.list("list", 9).get(1).bool())
        .hasMessage("list[1]: expected true or false, found a string");
    assertThatThrownBy(() -> fields.list("list", 1)).hasMessageContaining("at most 1 items");
    assertThatThrownBy(() -> fields.object("in").integer("n", 0, 9))
        .hasMessage("in.n: expected a number from 0 to 9, found another number");
    assertThatThrownBy(() -> fields.bytes64("b", 0)).hasMessageContaining("at most 0 bytes");
    assertThat(fields.bytes64("b", 1)).containsExactly(0);
    fields.done();
    Fields unread = Json.object().put("x\n", 1).build().fields("a");
    assertThatThrownBy(unread::done).hasMessage("a.\"x\\n\": unknown field");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"AA", "AA=", "AB==", "A", "AAB=", "AAA", "!!!!", "AAAA\n", "AAAA====", "="})
  void base64ThatIsNotCanonicalIsRefused(String text) {
    Fields fields = Json.object().put("a", text).build().fields("");
    assertThatThrownBy(() -> fields.bytes64("a", 100)).hasMessageContaining("base64");
  }

  @Test
  void absentAndNullAreTheSameForOptionalFields() {
    Fields fields = Json.object().putNull("a").build().fields("");
    assertThat(fields.optionalText("a")).isEmpty();
    assertThat(fields.optionalText("b")).isEmpty();
    assertThatThrownBy(() -> fields.text("a")).hasMessage("a: expected a string, found null");
  }

  @Test
  void aValueIsNeverQuotedInAnError() {
    Fields fields = Json.object().put("key", "c2VjcmV0").build().fields("");
    assertThatThrownBy(() -> fields.integer("key", 0, 1)).message().doesNotContain("c2Vj");
    assertThatThrownBy(() -> parse("{\"key\": secret}")).message().doesNotContain("secret");
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void writingAndReadingGivesTheSameValue(long seed) {
    Json value = value(new Random(seed), 4);
    assertThat(Json.parse(value.toBytes(), Limits.WIRE)).isEqualTo(value).hasSameHashCodeAs(value);
    assertThat(Json.parse(value.pretty(), Limits.WIRE)).isEqualTo(value);
  }

  private static Json value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> Json.of(random.nextLong() >> random.nextInt(64));
      case 1 -> Json.of(random.nextBoolean());
      case 2 -> new Json.Null();
      case 3 -> new Json.Num(Float.toString(random.nextFloat()));
      case 4 -> Json.of(text(random));
      case 5 -> {
        List<Json> items = new ArrayList<>();
        for (int n = random.nextInt(5); n > 0; n--) {
          items.add(value(random, depth - 1));
        }
        yield Json.array(items);
      }
      default -> {
        Map<String, Json> members = new LinkedHashMap<>();
        for (int n = random.nextInt(5); n > 0; n--) {
          members.put(text(random), value(random, depth - 1));
        }
        yield Json.object(members);
      }
    };
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(12); n > 0; n--) {
      int c = random.nextInt(random.nextBoolean() ? 128 : Character.MAX_CODE_POINT + 1);
      text.appendCodePoint(c >= 0xd800 && c < 0xe000 ? '"' : c);
    }
    return text.toString();
  }

  @FuzzTest(maxDuration = "60s")
  void anyBytesAreRefusedWithAReasonOrSurviveTheRoundTrip(byte[] bytes) {
    Json value;
    try {
      value = Json.parse(bytes, Limits.WIRE);
    } catch (JsonException e) {
      return;
    }
    assertThat(Json.parse(value.toBytes(), Limits.EVIDENCE)).isEqualTo(value);
  }
}
