package dev.keystead.keylime.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.Capture;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.tpm.structure.TpmPublic;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What agents really sent to a registrar, and what it answered. */
class RegistrationCaptureTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "pull/02-register",
        "pull-cert-package/01-register",
        "pull-ecc384-measured-boot/01-register",
        "push/01-register"
      })
  void theRustAgentsRegistrationIsReadAndWrittenAsItWas(String name) {
    Capture capture = Capture.of(name);
    Registration registration = Registration.parse(capture.request());
    assertThat(registration.toJson()).isEqualTo(capture.request());
    assertThat(registration.toJson().toString()).isEqualTo(capture.request().toString());
    assertThat(AttestationKey.of(registration.ak()).area()).isEqualTo(registration.ak());
    assertThat(registration.ekCert().orElseThrow().hints()).isNotEmpty();
  }

  @Test
  void theCertificateOfTheEndorsementKeyIsTheFirst() {
    Registration registration = Registration.parse(Capture.of("pull/02-register").request());
    assertThat(registration.ekCert().orElseThrow().der())
        .isEqualTo(Capture.bytes("keys/ek-rust-rsa2048.der"));
  }

  @Test
  void anAgentInThePushModelHasNoTls() {
    Registration registration = Registration.parse(Capture.of("push/01-register").request());
    assertThat(registration.mtlsCert()).contains(new MtlsCert.Disabled());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pull-python-agent-6.6.0/01-register-without-content-type-refused",
        "pull-python-agent-6.6.0/02-register-without-ek_tpm-refused"
      })
  void theOldPythonAgentsRegistrationIsReadWithoutItsEndorsementKey(String name) {
    Registration registration = Registration.parse(Capture.of(name).request());
    assertThat(registration.ek()).isEmpty();
    assertThat(registration.ekCert()).isPresent();
    assertThat(registration.contact()).contains(new ContactAddress("127.0.0.1", 9104));
  }

  @Test
  void aCertificateInBase64IsReadAsItsBytes() {
    Registration registration =
        Registration.parse(Capture.of("pull-python-agent-6.6.0/03-register").request());
    assertThat(HexFormat.of().formatHex(registration.ekCert().orElseThrow().der()))
        .isEqualTo(HexFormat.of().formatHex(Capture.bytes("keys/ek-python-rsa2048.der")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pull-python-agent-6.6.0/02-register-without-ek_tpm-refused",
        "pull-python-agent-6.6.0/03-register"
      })
  void theOldPythonAgentsRegistrationSaysTheSameInBothForms(String name) {
    Registration registration = Registration.parse(Capture.of(name).request());
    Registration again = Registration.parse(registration.toJson());
    assertThat(again.toJson()).isEqualTo(registration.toJson());
    assertThat(again.ak().toBytes()).isEqualTo(registration.ak().toBytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pull/02-register",
        "pull-cert-package/01-register",
        "pull-ecc384-measured-boot/01-register",
        "pull-python-agent-6.6.0/03-register",
        "push/01-register"
      })
  void theCredentialBlobIsReadAndWrittenAsItWas(String name) {
    Capture capture = Capture.of(name);
    assertThat(RegistrationReply.parse(capture.results()).toJson()).isEqualTo(capture.results());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pull/03-activate",
        "pull-cert-package/02-activate",
        "pull-ecc384-measured-boot/02-activate",
        "pull-python-agent-6.6.0/04-activate",
        "push/02-activate"
      })
  void anActivationIsReadAndWrittenAsItWas(String name) {
    Capture capture = Capture.of(name);
    assertThat(Activation.parse(capture.request()).toJson()).isEqualTo(capture.request());
    assertThat(capture.results()).isEqualTo(Json.object().build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pull/05-tenant-registrar-get",
        "pull-ecc384-measured-boot/03-tenant-registrar-get"
      })
  void aRecordIsReadAndWrittenAsItWas(String name) {
    Capture capture = Capture.of(name);
    AgentRecord record = AgentRecord.parse(capture.results());
    assertThat(record.toJson()).isEqualTo(capture.results());
    assertThat(record.agentId()).isEqualTo(AgentId.of(capture.lastSegment()));
    assertThat(record.registrations()).isEqualTo(1);
  }

  @Test
  void theRecordIsThatOfTheRegistration() {
    Registration sent = Registration.parse(Capture.of("pull/02-register").request());
    AgentRecord kept = AgentRecord.parse(Capture.of("pull/05-tenant-registrar-get").results());
    assertThat(kept.ak().name()).isEqualTo(sent.ak().name());
    assertThat(kept.ek().map(TpmPublic::name)).isEqualTo(sent.ek().map(TpmPublic::name));
    assertThat(kept.ekCert().orElseThrow().der()).isEqualTo(sent.ekCert().orElseThrow().der());
    assertThat(kept.mtlsCert()).isEqualTo(sent.mtlsCert());
    assertThat(kept.contact()).isEqualTo(sent.contact()).isNotEqualTo(Optional.empty());
  }
}
