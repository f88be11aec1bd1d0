package dev.keystead.keylime.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.Capture;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.bootstrap.AuthTag;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registrations that are not what they should be. */
class RegistrationTest {
  private static final Map<String, Json> GOOD =
      ((Json.Obj) Capture.of("pull/02-register").request()).members();

  private static String text(String field) {
    return ((Json.Str) Objects.requireNonNull(GOOD.get(field))).value();
  }

  private static Json with(String field, Json value) {
    return changed(field, Optional.of(value));
  }

  private static Json without(String field) {
    return changed(field, Optional.empty());
  }

  private static Json changed(String field, Optional<Json> value) {
    JsonObjectBuilder out = Json.object();
    GOOD.forEach((name, old) -> {
      if (!name.equals(field)) {
        out.put(name, old);
      }
    });
    return out.putIfPresent(field, value).build();
  }

  @ParameterizedTest
  @CsvSource({
    "aik_tpm, AAAA",
    "aik_tpm, ''",
    "aik_tpm, not base64",
    "ek_tpm, AAAA",
    "ekcert, AAAA",
    "ekcert, -----BEGIN CERTIFICATE-----",
    "mtls_cert, enabled",
    "mtls_cert, -----BEGIN",
    "ip, 127.0.0.1/x",
    "ip, ''",
    "port, 0",
    "port, 99999",
    "port, 09002",
    "port, ''",
    "port, 1e3",
    "iak_attest, ~",
    "iak_cert, ~",
    "agent_id, ../x"
  })
  void aFieldThatIsNotOfItsFormIsRefused(String field, String value) {
    assertThatThrownBy(() -> Registration.parse(with(field, Json.of(value))))
        .isInstanceOfSatisfying(
            WireException.class,
            e -> assertThat(e.reason()).isEqualTo(WireException.Reason.MALFORMED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"aik_tpm", "ek_tpm", "ekcert", "mtls_cert", "ip", "iak_cert"})
  void aFieldOfAnotherTypeIsRefused(String field) {
    assertThatThrownBy(() -> Registration.parse(with(field, Json.of(7))))
        .isInstanceOf(WireException.class)
        .hasMessageContaining(field);
  }

  @Test
  void aPortMayNotBeAFraction() {
    assertThatThrownBy(() -> Registration.parse(with("port", new Json.Num("9002.0"))))
        .isInstanceOf(WireException.class);
  }

  @Test
  void withoutAnAttestationKeyThereIsNoRegistration() {
    assertThatThrownBy(() -> Registration.parse(without("aik_tpm")))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("aik_tpm: missing");
  }

  @Test
  void anAddressWithoutAPortIsRefused() {
    assertThatThrownBy(() -> Registration.parse(without("port"))).isInstanceOf(WireException.class);
  }

  @Test
  void anEmptyCertificateIsNone() {
    assertThat(Registration.parse(with("ekcert", Json.of(""))).ekCert()).isEmpty();
    assertThat(Registration.parse(without("ekcert")).ekCert()).isEmpty();
  }

  @Test
  void bytesBehindAPublicAreaAreRefused() {
    byte[] area = Base64.getDecoder().decode(text("aik_tpm"));
    String longer = Base64.getEncoder().encodeToString(Arrays.copyOf(area, area.length + 1));
    assertThatThrownBy(() -> Registration.parse(with("aik_tpm", Json.of(longer))))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("trailing");
  }

  private static Json withCertificate(byte[] bytes) {
    return with("ekcert", Json.of(Base64.getEncoder().encodeToString(bytes)));
  }

  @Test
  void bytesBehindACertificateAreRefused() {
    byte[] der = Capture.bytes("keys/ek-rust-rsa2048.der");
    byte[] longer = Arrays.copyOf(der, der.length + 2);
    longer[der.length + 1] = 7;
    assertThatThrownBy(() -> Registration.parse(withCertificate(longer)))
        .isInstanceOf(WireException.class);
  }

  @ParameterizedTest
  @ValueSource(bytes = {0, -1})
  void theUnusedRestOfAnNvIndexIsLeftOut(byte filler) {
    byte[] der = Capture.bytes("keys/ek-rust-rsa2048.der");
    byte[] padded = Arrays.copyOf(der, der.length + 100);
    Arrays.fill(padded, der.length, padded.length, filler);
    assertThat(Registration.parse(withCertificate(padded)).ekCert().orElseThrow().der())
        .isEqualTo(der);
  }

  @Test
  void moreCertificatesThanAChainHasAreRefused() {
    String one = text("ekcert");
    assertThatThrownBy(() -> Registration.parse(with("ekcert", Json.of(one.repeat(5)))))
        .isInstanceOf(WireException.class);
  }

  @Test
  void aRefusalNeverRepeatsWhatWasSent() {
    assertThatThrownBy(() -> Registration.parse(with("ip", Json.of("<script>"))))
        .isInstanceOf(WireException.class)
        .message()
        .doesNotContain("script");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "badcc0de00000001",
        "badcc0de0000000200000000",
        "badcc0dd0000000100000000",
        "badcc0de000000010001",
        "badcc0de00000001000000000",
        "badcc0de0000000100000000ff"
      })
  void whatIsNoCredentialBlobIsRefused(String hex) {
    byte[] bytes = hex.getBytes(StandardCharsets.US_ASCII);
    byte[] parsed = hex.length() % 2 == 0 ? java.util.HexFormat.of().parseHex(hex) : bytes;
    assertThatThrownBy(() -> ChallengeBlob.parse(parsed)).isInstanceOf(WireException.class);
  }

  @Test
  void theTagIsKeyedWithTheTextOfTheSecret() {
    byte[] secret = "0123456789abcdefghijABCDEFGHIJ.,".getBytes(StandardCharsets.US_ASCII);
    byte[] key = Base64.getEncoder().encode(secret);
    AgentId id = AgentId.of("node-1");
    try (ChallengeSecret challenge = ChallengeSecret.adopt(secret.clone())) {
      assertThat(challenge.authTag(id)).isEqualTo(AuthTag.of(key, id.bytes()));
      assertThat(challenge.authTag(id)).isNotEqualTo(challenge.authTag(AgentId.of("node-2")));
    }
  }

  @Test
  void aSecretIsThirtyTwoCharactersThatNeverPrint() {
    try (ChallengeSecret secret = ChallengeSecret.generate(new SecureRandom())) {
      String text = new String(secret.copy(), StandardCharsets.US_ASCII);
      assertThat(text).matches("[A-Za-z0-9]{32}");
      assertThat(secret.toString()).doesNotContain(text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ab", "A0", "zz"})
  void aTagIsNinetySixLowerCaseHexDigits(String text) {
    assertThatThrownBy(() -> AuthTag.parse(text, "auth_tag")).isInstanceOf(WireException.class);
    assertThatThrownBy(
            () -> AuthTag.parse(text.repeat(48).toUpperCase(java.util.Locale.ROOT), "auth_tag"))
        .isInstanceOf(WireException.class);
  }
}
