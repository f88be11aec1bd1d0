package dev.keystead.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  @Test
  void aPathIsDecodedOnceIntoItsSegments() {
    Target target = Target.parse("/v2.6/agents/a%20b%2525/");
    assertThat(target.segments()).containsExactly("v2.6", "agents", "a b%25");
    assertThat(target.trailingSlash()).isTrue();
    assertThat(Target.parse("/a").trailingSlash()).isFalse();
    assertThat(Target.parse("/").segments()).isEmpty();
  }

  @Test
  void aQueryKeepsItsOrderAndDecodesPlusAsSpace() {
    Target target = Target.parse("/q?nonce=a%2Bb+c&mask=0x1&empty=&bare&path=/a/../b?");
    assertThat(target.query())
        .containsExactly(
            new Target.Parameter("nonce", "a+b c"),
            new Target.Parameter("mask", "0x1"),
            new Target.Parameter("empty", ""),
            new Target.Parameter("bare", ""),
            new Target.Parameter("path", "/a/../b?"));
    assertThat(target.parameter("nonce")).contains("a+b c");
    assertThat(target.parameter("other")).isEmpty();
    assertThat(Target.parse("/q?").query()).isEmpty();
  }

  @Test
  void aParameterThatIsGivenTwiceHasNoSingleValue() {
    Target target = Target.parse("/q?a=1&a=2");
    assertThat(target.parameters("a")).isEqualTo(List.of("1", "2"));
    assertThatThrownBy(() -> target.parameter("a")).isInstanceOf(HttpRefusal.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "*",
        "http://h/",
        "//",
        "/a//b",
        "/a//",
        "/.",
        "/..",
        "/a/%2e",
        "/a/.%2E/b",
        "/%",
        "/%2",
        "/%g0",
        "/%2f",
        "/%5C",
        "/\\",
        "/%00",
        "/%0a",
        "/%7f",
        "/%c2%85",
        "/%ff",
        "/%c0%80",
        "/%ed%a0%80",
        "/a b",
        "/a#b",
        "/\u00e9",
        "/\"",
        "/a?b=#",
        "/a?b=%0d%0a",
        "/a?=b",
        "/a?&",
        "/a?b=\u20ac",
        "/a|b",
        "/{id}",
        "/a?b=<c>"
      })
  void anythingElseIsRefused(String raw) {
    assertThatThrownBy(() -> Target.parse(raw))
        .isInstanceOfSatisfying(
            HttpRefusal.class, refusal -> assertThat(refusal.status()).isEqualTo(400));
  }

  @Test
  void lengthAndPartsAreBounded() {
    assertThat(Target.parse("/" + "a".repeat(Target.MAX_LENGTH - 1)).segments()).hasSize(1);
    assertThatThrownBy(() -> Target.parse("/" + "a".repeat(Target.MAX_LENGTH)))
        .isInstanceOfSatisfying(
            HttpRefusal.class, refusal -> assertThat(refusal.status()).isEqualTo(414));
    assertThat(Target.parse("/a".repeat(Target.MAX_PARTS)).segments()).hasSize(Target.MAX_PARTS);
    assertThatThrownBy(() -> Target.parse("/a".repeat(Target.MAX_PARTS + 1)))
        .isInstanceOf(HttpRefusal.class);
    assertThatThrownBy(() -> Target.parse("/?" + "a&".repeat(Target.MAX_PARTS) + "a"))
        .isInstanceOf(HttpRefusal.class);
  }
}
