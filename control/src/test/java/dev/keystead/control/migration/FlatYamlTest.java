package dev.keystead.control.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The YAML of Keylime's private.yml. */
class FlatYamlTest {
  @Test
  void textsAndBlocksAreReadAndListsPassedOver() {
    var read =
        FlatYaml.parse(
            """
            ca: !!binary |
              aGVs
              bG8=
            lastserial: 4
            revoked_keys:
            - 2
            - 3
            empty: []
            'quoted': 'a:b'
            """);
    assertThat(read.get("ca")).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
    assertThat(read.get("lastserial")).isEqualTo("4".getBytes(StandardCharsets.UTF_8));
    assertThat(read.get("quoted")).isEqualTo("a:b".getBytes(StandardCharsets.UTF_8));
    assertThat(read).doesNotContainKeys("revoked_keys", "empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no colon",
        "  indented: a",
        "a: 1\na: 2",
        "a: &anchor b",
        "a: *anchor",
        "a: !!python/object:os.system b",
        "a: {b: c}",
        "a: >",
        "a: 'open",
        "a: !!binary |\n  not base64!"
      })
  void everythingElseIsRefused(String text) {
    assertThatThrownBy(() -> FlatYaml.parse(text)).isInstanceOf(MigrationException.class);
  }
}
