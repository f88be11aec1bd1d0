package dev.keystead.keylime.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.Capture;
import dev.keystead.keylime.PemField;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import java.security.PublicKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Revocations that a verifier really sent. */
class RevocationCaptureTest {
  private static PublicKey notifier() {
    return PemField.certificate(Capture.text("keys/revocation-notifier.crt"), "certificate")
        .getPublicKey();
  }

  private static SignedRevocation signed() {
    return SignedRevocation.parse(Capture.of("pull-cert-package/11-revocation-signed").request());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pull/19-revocation-unsigned",
        "pull-cert-package/11-revocation-signed",
        "pull-cert-package/12-revocation-signed-webhook",
        "pull-ecc384-measured-boot/14-revocation",
        "pull-python-agent-6.6.0/14-revocation"
      })
  void aRevocationIsReadAndWrittenAsItWas(String name) {
    Json body = Capture.of(name).request();
    SignedRevocation outer = SignedRevocation.parse(body);
    assertThat(outer.toJson()).isEqualTo(body);
    Revocation inner = Revocation.parse(outer.msg());
    assertThat(Json.parse(inner.toText(), Limits.WIRE))
        .isEqualTo(Json.parse(outer.msg(), Limits.WIRE));
    assertThat(inner.type()).isEqualTo(Revocation.Type.REVOCATION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pull-cert-package/11-revocation-signed",
        "pull-cert-package/12-revocation-signed-webhook"
      })
  void keylimesOwnSignatureVerifies(String name) {
    Revocation revocation = SignedRevocation.parse(Capture.of(name).request()).verify(notifier());
    assertThat(revocation.about()).isEqualTo(AgentId.of("aaaaaaaa-0000-4000-8000-00000000000a"));
    assertThat(revocation.event().orElseThrow().id())
        .isEqualTo("ima.validation.ima-ng.not_in_allowlist");
    assertThat(revocation.order()).isEmpty();
  }

  @Test
  void theOwnersKeySignsWhatTheCertificateVerifies() {
    RevocationKey key =
        VerifierAgentAdd.parse(
                Capture.of("pull-cert-package/10-verifier-post-failing-agent").request())
            .revocationKey()
            .orElseThrow();
    Revocation revocation = Revocation.parse(signed().msg());
    SignedRevocation ours = SignedRevocation.of(revocation, java.util.Optional.of(key));
    assertThat(ours.verify(notifier())).isEqualTo(revocation);
  }

  @Test
  void aChangedMessageIsRefused() {
    SignedRevocation changed =
        new SignedRevocation(signed().msg().replace('a', 'b'), signed().signature());
    assertThatThrownBy(() -> changed.verify(notifier()))
        .isInstanceOfSatisfying(
            WireException.class,
            e -> assertThat(e.reason()).isEqualTo(WireException.Reason.NOT_AUTHENTIC));
  }

  @Test
  void anUnsignedMessageIsRefused() {
    SignedRevocation unsigned =
        SignedRevocation.parse(Capture.of("pull/19-revocation-unsigned").request());
    assertThatThrownBy(() -> unsigned.verify(notifier()))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("none");
  }

  @Test
  void anotherCertificatesKeyIsRefused() {
    PublicKey other =
        PemField.certificate(Capture.text("keys/cv-ca.crt"), "certificate").getPublicKey();
    assertThatThrownBy(() -> signed().verify(other)).isInstanceOf(WireException.class);
  }
}
