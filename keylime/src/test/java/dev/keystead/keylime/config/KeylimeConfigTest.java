package dev.keystead.keylime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keylime's files, as its programs read them. */
class KeylimeConfigTest {
  @Test
  void valuesAreWhatKeylimesProgramsTakeThemFor() {
    KeylimeConfig config =
        KeylimeConfig.parse(
            """
            # a comment
            [verifier]
            Uuid = default
            ip = "127.0.0.1"
            port: 8881
            quote_interval = 2 ; no comment
            exponential_backoff = True
            mtls = off

            [revocations]
            ; a comment
            enabled_revocation_notifications = ['agent', "webhook"]
            severity = [{"a": 1},
               {"b": 2}]
            """);
    assertThat(config.component()).isEqualTo("verifier");
    assertThat(config.text("uuid")).contains("default");
    assertThat(config.own("uuid")).isEmpty();
    assertThat(config.text("ip")).contains("127.0.0.1");
    assertThat(config.number("port")).contains(8881L);
    assertThat(config.text("quote_interval")).contains("2 ; no comment");
    assertThat(config.flag("exponential_backoff")).contains(true);
    assertThat(config.flag("mtls")).contains(false);
    assertThat(config.list("revocations", "enabled_revocation_notifications"))
        .containsExactly("agent", "webhook");
    assertThat(config.text("revocations", "severity")).contains("[{\"a\": 1},\n{\"b\": 2}]");
  }

  @Test
  void theAgentsFileIsTomlWithCommentsBehindValues() {
    KeylimeConfig config =
        KeylimeConfig.parse(
            """
            [agent]
            uuid = "hash # ek" # which id
            port = 9002 # where
            revocation_actions = ""
            api_versions = "default"
            """);
    assertThat(config.text("uuid")).contains("hash # ek");
    assertThat(config.number("port")).contains(9002L);
    assertThat(config.list("agent", "revocation_actions")).isEmpty();
    assertThat(config.own("api_versions")).isEmpty();
  }

  @Test
  void aSnippetTakesThePlaceOfWhatItNames() {
    KeylimeConfig base = KeylimeConfig.parse("[registrar]\nport = 1\nip = a\n");
    KeylimeConfig both = base.overriddenBy(KeylimeConfig.parse("[registrar]\nport = 2\n"));
    assertThat(both.number("port")).contains(2L);
    assertThat(both.text("ip")).contains("a");
    assertThatThrownBy(() -> base.overriddenBy(KeylimeConfig.parse("[tenant]\nport = 2\n")))
        .isInstanceOf(ConfigFileException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[agent",
        "port = 1",
        "[agent]\nport",
        "[agent]\nport = 1\nPORT = 2",
        "[agent]\n[agent]",
        "[agent]\n  indented",
        "[unheard]\nport = 1"
      })
  void whatCannotBeReadIsRefused(String text) {
    assertThatThrownBy(() -> KeylimeConfig.parse(text)).isInstanceOf(ConfigFileException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[agent]\nport = many", "[agent]\nport = 1.5"})
  void aNumberIsANumber(String text) {
    KeylimeConfig config = KeylimeConfig.parse(text);
    assertThatThrownBy(() -> config.number("port")).isInstanceOf(ConfigFileException.class);
  }

  @Test
  void aFileWithoutEndIsRefused() {
    String many = "[agent]\n" + "a = 1\n".repeat(300_000);
    assertThatThrownBy(() -> KeylimeConfig.parse(many))
        .isInstanceOf(ConfigFileException.class)
        .hasMessageContaining("longer");
  }
}
