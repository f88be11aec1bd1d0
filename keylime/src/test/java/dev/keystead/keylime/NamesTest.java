package dev.keystead.keylime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.quote.PcrMask;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids, versions, addresses, nonces and masks: what is one and what is not. */
class NamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "d432fbb3-d2f1-4a97-9ef7-75bd81c00000", "A.b_c-9", "0..a", "a--"})
  void anIdIsLettersDigitsDotsUnderscoresAndHyphens(String text) {
    assertThat(AgentId.of(text).toString()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ".", "..", ".a", "-a", "_a", "a/b", "a\\b", "a b", "a\n", "a\u0000", "%41", "\u00e4",
        "\u0661", "<a>", "a;b", "a'b"
      })
  void anIdIsNoPathMarkupOrLogLine(String text) {
    assertThatThrownBy(() -> AgentId.of(text)).isInstanceOf(WireException.class);
  }

  @Test
  void anIdOfMoreThanEightyCharactersIsRefused() {
    assertThat(AgentId.of("a".repeat(80)).value()).hasSize(80);
    assertThatThrownBy(() -> AgentId.of("a".repeat(81))).isInstanceOf(WireException.class);
  }

  @Test
  void aPathMayNameTheVersionInShort() {
    assertThat(ApiVersion.ofPath("v2.6")).isEqualTo(new ApiVersion(2, 6));
    assertThat(ApiVersion.ofPath("2.6")).isEqualTo(new ApiVersion(2, 6));
    assertThat(ApiVersion.ofPath("v2")).isEqualTo(ApiVersion.CURRENT);
    assertThat(ApiVersion.ofPath("v2.1")).isEqualTo(new ApiVersion(2, 1));
    assertThat(ApiVersion.ofPath("v3")).isEqualTo(ApiVersion.V3_0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1.0", "v9.9", "v4", "v2.99", "v2.0", "v3.1", "v0"})
  void aVersionThatIsNotSpokenIsRefusedInTheWordsThatVerifiersLookFor(String text) {
    assertThatThrownBy(() -> ApiVersion.ofPath(text))
        .hasMessageContaining("API version not supported: " + text)
        .isInstanceOfSatisfying(
            WireException.class,
            e -> assertThat(e.reason()).isEqualTo(WireException.Reason.VERSION));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "v", "vv2.6", "V2.6", "2.6.1", "v2.", "v-2.6", "v2.0000", "agents"})
  void whatIsNoVersionIsRefused(String text) {
    assertThatThrownBy(() -> ApiVersion.ofPath(text))
        .isInstanceOfSatisfying(
            WireException.class,
            e -> assertThat(e.reason()).isEqualTo(WireException.Reason.MALFORMED));
  }

  @Test
  void theNewestCommonVersionIsSpoken() {
    assertThat(ApiVersion.negotiate(List.of(new ApiVersion(2, 6), new ApiVersion(3, 0))))
        .contains(ApiVersion.CURRENT);
    assertThat(ApiVersion.negotiate(List.of(new ApiVersion(1, 0), new ApiVersion(3, 0)))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "::1",
        "::",
        "2001:db8::1",
        "1:2:3:4:5:6:7:8",
        "::ffff:10.0.0.1",
        "localhost",
        "node-1.example.org",
        "a"
      })
  void anAddressIsALiteralOrAName(String host) {
    assertThat(new ContactAddress(host, 9002).host()).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "127.0.0.1:80",
        "http://a",
        "a/b",
        "a@b",
        "a b",
        "a?b",
        "-a",
        "a-",
        "a..b",
        "a.",
        "256.1.1.1",
        "1.2.3",
        "01.2.3.4",
        "1.2.3.4.5",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "::12345",
        "fe80::1%eth0",
        "[::1]",
        "::1.2.3",
        "0x7f.1",
        "2130706433",
        "\u00e4.org",
        "a\r\nHost: b"
      })
  void anAddressIsNothingElse(String host) {
    assertThatThrownBy(() -> new ContactAddress(host, 9002)).isInstanceOf(WireException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65536})
  void aPortIsAPort(int port) {
    assertThatThrownBy(() -> new ContactAddress("a", port)).isInstanceOf(WireException.class);
  }

  @Test
  void anAddressOfVersionSixIsBracketedInAUrl() {
    assertThat(new ContactAddress("::1", 8881)).hasToString("[::1]:8881");
    assertThat(new ContactAddress("127.0.0.1", 8881)).hasToString("127.0.0.1:8881");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a-b", "\u00e4", "a\n", "a%20"})
  void aNonceIsLettersAndDigits(String text) {
    assertThatThrownBy(() -> new Nonce(text)).isInstanceOf(WireException.class);
  }

  @Test
  void aNonceHasAtMostSixtyFourCharacters() {
    assertThat(new Nonce("a".repeat(64)).bytes()).hasSize(64);
    assertThatThrownBy(() -> new Nonce("a".repeat(65))).isInstanceOf(WireException.class);
  }

  @Test
  void oursHasTwentyCharactersAndNeverRepeats() {
    SecureRandom random = new SecureRandom();
    Nonce nonce = Nonce.generate(random);
    assertThat(nonce.value()).hasSize(20).isNotEqualTo(Nonce.generate(random).value());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0x", "400", "0x1000000", "0xffffffff", "0x100000000", "0xg", "-0x1"})
  void aMaskIsHexOfPcrsThatExist(String text) {
    assertThatThrownBy(() -> PcrMask.parse(text)).isInstanceOf(WireException.class);
  }

  @Test
  void aMaskIsReadAndWritten() {
    assertThat(PcrMask.parse("0x400")).hasToString("0x400");
    assertThat(PcrMask.parse("0XFFFFFF").contains(23)).isTrue();
    assertThat(PcrMask.BOOT.contains(10)).isFalse();
    assertThat(PcrMask.BOOT.contains(9) && PcrMask.BOOT.contains(15)).isTrue();
    assertThat(PcrMask.BOOT.contains(16)).isFalse();
  }

  @Test
  void resultsMayBeNullOrAbsent() {
    assertThat(Envelope.parse(json("{\"code\":200,\"status\":\"Success\",\"results\":null}")))
        .isEqualTo(Envelope.success());
    assertThat(Envelope.parse(json("{\"code\":200,\"status\":\"Success\"}")))
        .isEqualTo(Envelope.success());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "{\"code\":\"200\",\"status\":\"x\",\"results\":{}}",
        "{\"code\":200,\"status\":\"x\",\"results\":[]}",
        "{\"code\":0,\"status\":\"x\"}",
        "{\"code\":200,\"code\":200,\"status\":\"x\"}"
      })
  void whatIsNoEnvelopeIsRefused(String text) {
    byte[] body = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Envelope.parse(body, Limits.WIRE)).isInstanceOf(WireException.class);
  }

  @Test
  void aListIsReadFromEitherServer() {
    AgentList list = new AgentList(List.of(AgentId.of("a"), AgentId.of("b")));
    assertThat(AgentList.parse(list.toRegistrarJson())).isEqualTo(list);
    assertThat(AgentList.parse(list.toVerifierJson())).isEqualTo(list);
    assertThat(list.toVerifierJson()).hasToString("{\"uuids\":[[\"a\"],[\"b\"]]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pull/01-agent-registrar-version", "pull/09-tenant-verifier-version"})
  void aServersVersionsAreReadAndWrittenAsTheyWere(String name) {
    VersionReply reply = VersionReply.parse(Capture.of(name).results());
    assertThat(reply.newest()).isEqualTo(ApiVersion.CURRENT);
    assertThat(ApiVersion.negotiate(reply.supported())).contains(ApiVersion.CURRENT);
    assertThat(reply.toServerJson()).isEqualTo(Capture.of(name).results());
  }

  @Test
  void anAgentsVersionsAreReadAndWrittenAsTheyWere() {
    VersionReply reply = VersionReply.parse(Capture.of("pull/06-agent-version").results());
    assertThat(reply.toAgentJson()).isEqualTo(Capture.of("pull/06-agent-version").results());
  }

  @Test
  void anOldAgentSpeaksTheOneVersionThatItNames() {
    VersionReply reply =
        VersionReply.parse(Capture.of("pull-python-agent-6.6.0/05-agent-version").results());
    assertThat(reply.supported()).containsExactly(new ApiVersion(2, 1));
    assertThat(ApiVersion.negotiate(reply.supported())).contains(new ApiVersion(2, 1));
  }

  @Test
  void aVerifierInThePushModelIsGone() {
    Capture capture = Capture.of("push/05-verifier-version-in-push-mode");
    assertThat(capture.status()).isEqualTo(410);
    assertThat(Envelope.parse(capture.response())).isEqualTo(Envelope.error(410, "Gone"));
  }

  private static Json json(String text) {
    return Json.parse(text, Limits.WIRE);
  }
}
