package dev.keystead.keylime.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.keylime.WireException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mask and values of section 8. */
class TpmPolicyTest {
  private static final String SHA256 =
      "AB00000000000000000000000000000000000000000000000000000000000001";

  @Test
  void theMaskCoversWhatTheOwnerFixes() {
    TpmPolicy policy = TpmPolicy.ofOwner("{\"22\":\"%s\"}".formatted(SHA256), false, false);
    assertThat(policy.mask()).hasToString("0x400000");
    assertThat(policy.values().get(22)).containsExactly(SHA256.toLowerCase(java.util.Locale.ROOT));
  }

  @Test
  void aPolicyOfFilesAsksForPcrTen() {
    assertThat(TpmPolicy.ofOwner("{}", true, false).mask()).hasToString("0x400");
  }

  @Test
  void aPolicyOfTheBootAsksForItsPcrs() {
    assertThat(TpmPolicy.ofOwner("{}", false, true).mask()).hasToString("0xfbff");
    assertThat(TpmPolicy.ofOwner("{}", true, true).mask()).hasToString("0xffff");
  }

  @Test
  void aPcrThatTheBootPolicyJudgesMayNotBeFixedToo() {
    assertThatThrownBy(() -> TpmPolicy.ofOwner("{\"4\":[\"%s\"]}".formatted(SHA256), false, true))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("PCR 4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"10\":[\"ab00000000000000000000000000000000000000\"]}",
        "{\"16\":[\"ab00000000000000000000000000000000000000\"]}",
        "{\"24\":[\"ab00000000000000000000000000000000000000\"]}",
        "{\"01\":[\"ab00000000000000000000000000000000000000\"]}",
        "{\"1\":[]}",
        "{\"1\":[\"ab\"]}",
        "{\"1\":[7]}",
        "{\"1\":7}",
        "{\"x\":[]}",
        "[]",
        "",
        "{\"mask\":4}",
        "{\"mask\":\"0x1000000\"}"
      })
  void anUnusablePolicyIsRefusedWhenItIsSent(String json) {
    assertThatThrownBy(() -> TpmPolicy.ofOwner(json, false, false))
        .isInstanceOf(WireException.class);
  }

  @Test
  void aValueOutsideTheMaskIsRefused() {
    assertThatThrownBy(() ->
            TpmPolicy.parse(
                "{\"mask\":\"0x2\",\"2\":[\"%s\"]}"
                    .formatted(SHA256.toLowerCase(java.util.Locale.ROOT))))
        .isInstanceOf(WireException.class);
  }

  @Test
  void theTextIsReadAsItIsWritten() {
    TpmPolicy policy = TpmPolicy.ofOwner("{\"1\":\"%s\"}".formatted(SHA256), true, false);
    assertThat(TpmPolicy.parse(policy.toText())).isEqualTo(policy);
  }
}
