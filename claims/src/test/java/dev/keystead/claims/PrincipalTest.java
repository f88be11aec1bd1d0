package dev.keystead.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPairGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalTest {
  private static final String HEX = "0123456789abcdef".repeat(4);
  private static final String TPM = "tpm(" + HEX + ")";
  private static final String LINUX = "linux(" + HEX + ")";
  private static final String PROGRAM = "program(" + HEX + ")";

  @Test
  void aNameHasOneSegmentForEachLayer() {
    TaoName host = TaoName.parse(TPM + "." + LINUX);
    TaoName program = host.child(Segment.parse(PROGRAM));
    assertThat(program.text()).isEqualTo(TPM + "." + LINUX + "." + PROGRAM);
    assertThat(Principal.parse(program.text())).isEqualTo(program);
    assertThat(program.isChildOf(host)).isTrue();
    assertThat(program.isChildOf(program)).isFalse();
    assertThat(host.isChildOf(program)).isFalse();
    assertThat(program.isChildOf(TaoName.parse(TPM + "." + PROGRAM))).isFalse();
    assertThat(TaoName.parse(TPM + "." + PROGRAM + "." + PROGRAM).isChildOf(host)).isFalse();
  }

  @Test
  void aKeyIsNamedByTheDigestOfItsEncoding() throws Exception {
    var key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
    KeyPrincipal principal = KeyPrincipal.of(key);
    assertThat(principal.digest()).isEqualTo(Sha256.of(key.getEncoded()));
    assertThat(Principal.parse(principal.text())).isEqualTo(principal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "tpm",
        "tpm()",
        "tpm(0)",
        "(" + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" + ")",
        " " + "tpm(0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef)",
        "tpm(0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef) ",
        "tpm(0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef).",
        ".tpm(0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef)",
        "tpm(0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef)",
        "Tpm(0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef)",
        "t\u0440m(0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef)",
        "tpm(0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef))",
        "tpm((0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde)",
        "tpm(0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0)",
        "abcdefghijklmnopq(0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef)",
        "key(0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde)"
      })
  void anythingElseIsNoName(String text) {
    assertThatThrownBy(() -> Principal.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noNameHasAKeyInItOrATpmOnSomething() {
    String key = "key(" + HEX + ")";
    for (String text :
        new String[] {key + "." + PROGRAM, TPM + "." + key, TPM + "." + TPM, LINUX + "." + TPM}) {
      assertThatThrownBy(() -> Principal.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aNameHasAtMostEightSegments() {
    TaoName longest = TaoName.parse((TPM + ("." + PROGRAM).repeat(7)));
    assertThatThrownBy(() -> longest.child(Segment.parse(PROGRAM)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TaoName.parse("x".repeat(1 << 20)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
