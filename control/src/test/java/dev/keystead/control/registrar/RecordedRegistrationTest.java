package dev.keystead.control.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.registration.ChallengeBlob;
import dev.keystead.keylime.registration.Registration;
import dev.keystead.tpm.structure.TpmPublic;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Keylime's own agents have sent is accepted. */
class RecordedRegistrationTest {
  @ParameterizedTest
  @ValueSource(strings = {"rust-rsa2048", "rust-ecc384", "python-6.6.0", "push"})
  void theKeysOfARealAgentAreFitAndAChallengeIsMade(String name) throws IOException {
    Identity identity = identity(read(name));
    ChallengeBlob blob = identity.protect(new byte[32]);
    assertThat(ChallengeBlob.parse(blob.toBytes()).toBytes()).isEqualTo(blob.toBytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rust-rsa2048", "rust-ecc384"})
  void anEkThatIsLeftToItsCertificateIsTheOneThatWouldHaveBeenSent(String name) throws IOException {
    Registration sent = read(name);
    TpmPublic ek = sent.ek().orElseThrow();
    Identity derived = identity(with(sent, Optional.empty()));
    assertThat(derived.keys().ek()).isEqualTo(ek.toSizedBytes());
  }

  @Test
  void anEkThatIsNotTheCertificatesIsRefused() throws IOException {
    Registration one = read("rust-rsa2048");
    Registration other = read("push");
    assertThatThrownBy(() -> identity(with(one, other.ek())))
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining("about another key");
  }

  private static Identity identity(Registration registration) {
    return Identity.of(
        AgentId.of("recorded"),
        registration,
        Admission.DEFAULT,
        Instant.parse("2026-12-01T00:00:00Z"));
  }

  private static Registration with(Registration sent, Optional<TpmPublic> ek) {
    return new Registration(
        sent.agentId(),
        sent.ak(),
        ek,
        sent.ekCert(),
        sent.identity(),
        sent.mtlsCert(),
        sent.contact());
  }

  static Registration read(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            RecordedRegistrationTest.class.getResourceAsStream(name + ".json"))) {
      return Registration.parse(Json.parse(in.readAllBytes(), Limits.WIRE));
    }
  }
}
