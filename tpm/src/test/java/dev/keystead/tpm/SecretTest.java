package dev.keystead.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SecretTest {
  @Test
  void aSecretNeverPrintsAndIsGoneWhenItIsClosed() {
    Secret secret = Secret.of(new byte[] {0x41, 0x42});
    assertThat(secret).hasToString("Secret").isEqualTo(Secret.of(new byte[] {0x41, 0x42}));
    assertThat(Handle.OWNER.withPassword(secret).toString()).doesNotContain("AB", "4142", "65");
    secret.close();
    assertThatThrownBy(secret::bytes).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aTpmKeepsAuthorizationValuesWithoutTrailingZeros() {
    assertThat(Secret.of(new byte[] {0, 1, 0, 0}).authValue()).containsExactly(0, 1);
  }
}
