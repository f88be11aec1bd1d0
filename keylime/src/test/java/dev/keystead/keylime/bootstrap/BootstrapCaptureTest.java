package dev.keystead.keylime.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.Capture;
import dev.keystead.keylime.Envelope;
import dev.keystead.keylime.PemField;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shares, tags and payloads that tenant, verifier and agents really exchanged. */
class BootstrapCaptureTest {
  private static PrivateKey key(String name) throws GeneralSecurityException {
    byte[] der = PemField.one(Capture.text("keys/" + name + ".pem"), "PRIVATE KEY", name);
    return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  private static BootstrapKey join(String agent, String nk, String ukey, String vkey)
      throws GeneralSecurityException {
    UKey u = UKey.parse(Capture.of(ukey).request());
    VKey v = VKey.parse(Capture.of(vkey).request());
    return PayloadKey.unwrap(key(nk), u.encryptedKey())
        .join(PayloadKey.unwrap(key(nk), v.encryptedKey()), AgentId.of(agent), u.authTag())
        .orElseThrow();
  }

  private static BootstrapKey first() throws GeneralSecurityException {
    return join(
        "aaaaaaaa-0000-4000-8000-00000000000a",
        "nk-pull",
        "pull/08-keys-ukey",
        "pull/14-keys-vkey");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          aaaaaaaa-0000-4000-8000-00000000000a, nk-pull, pull/08-keys-ukey, pull/14-keys-vkey, pull/10-verifier-post-agent
          bbbbbbbb-0000-4000-8000-00000000000b, nk-pull-cert-package, pull-cert-package/04-keys-ukey, pull-cert-package/07-keys-vkey, pull-cert-package/05-verifier-post-agent
          bbbbbbbb-0000-4000-8000-00000000000b, nk-pull-cert-package, pull-cert-package/04-keys-ukey, pull-cert-package/09-keys-vkey-again-after-verifier-restart, pull-cert-package/05-verifier-post-agent
          dddddddd-0000-4000-8000-0000000000ec, nk-pull-ecc384, pull-ecc384-measured-boot/05-keys-ukey, pull-ecc384-measured-boot/08-keys-vkey, pull-ecc384-measured-boot/06-verifier-post-agent
          """)
  void theSharesMakeTheKeyThatTheTagProves(
      String agent, String nk, String ukey, String vkey, String enrolment) throws Exception {
    try (BootstrapKey key = join(agent, nk, ukey, vkey)) {
      assertThat(key.authTag(AgentId.of(agent)))
          .isEqualTo(UKey.parse(Capture.of(ukey).request()).authTag());
      KeyShare given = VerifierAgentAdd.parse(Capture.of(enrolment).request()).v().orElseThrow();
      assertThat(PayloadKey.unwrap(key(nk), VKey.parse(Capture.of(vkey).request()).encryptedKey()))
          .isEqualTo(given);
    }
  }

  @Test
  void thePayloadDecryptsToWhatTheOwnerSent() throws Exception {
    Payload payload = UKey.parse(Capture.of("pull/08-keys-ukey").request()).payload().orElseThrow();
    try (BootstrapKey key = first()) {
      assertThat(payload.decrypt(key)).isEqualTo(Capture.bytes("keys/payload.txt"));
    }
  }

  @Test
  void aCertificatePackageDecryptsToAZip() throws Exception {
    Payload payload =
        UKey.parse(Capture.of("pull-cert-package/04-keys-ukey").request()).payload().orElseThrow();
    try (BootstrapKey key =
        join(
            "bbbbbbbb-0000-4000-8000-00000000000b",
            "nk-pull-cert-package",
            "pull-cert-package/04-keys-ukey",
            "pull-cert-package/07-keys-vkey")) {
      assertThat(names(payload.decrypt(key)))
          .contains(
              "bbbbbbbb-0000-4000-8000-00000000000b-public.pem",
              "bbbbbbbb-0000-4000-8000-00000000000b-cert.crt",
              "bbbbbbbb-0000-4000-8000-00000000000b-private.pem",
              "cacert.crt",
              "cacrl.der",
              "cacrl.pem",
              "RevocationNotifier-cert.crt");
    }
  }

  private static List<String> names(byte[] zip) throws IOException {
    List<String> names = new ArrayList<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        names.add(entry.getName());
      }
    }
    return names;
  }

  @Test
  void theAnswerToKeysVerifyIsThatOfTheKey() throws Exception {
    Capture capture = Capture.of("pull/16-keys-verify");
    VerifyChallenge challenge = VerifyChallenge.parse(capture::parameter);
    try (BootstrapKey key = first()) {
      assertThat(key.answer(challenge)).isEqualTo(VerifyReply.parse(capture.results()).hmac());
    }
    assertThat(challenge.toQuery()).isEqualTo(capture.path().replaceFirst(".*\\?", ""));
  }

  @Test
  void beforeBothSharesKeysVerifySaysSo() {
    Envelope refusal = Envelope.parse(Capture.of("pull/13-keys-verify-too-early").response());
    assertThat(refusal).isEqualTo(Envelope.error(400, VerifyReply.NOT_YET));
  }

  @ParameterizedTest
  @CsvSource({
    "pull/08-keys-ukey",
    "pull-cert-package/04-keys-ukey",
    "pull-ecc384-measured-boot/05-keys-ukey",
    "pull-python-agent-6.6.0/07-keys-ukey"
  })
  void shareUIsReadAndWrittenAsItWas(String name) {
    Capture capture = Capture.of(name);
    assertThat(UKey.parse(capture.request()).toJson()).isEqualTo(capture.request());
    assertThat(capture.results()).isEqualTo(Envelope.NOTHING);
  }

  @ParameterizedTest
  @CsvSource({
    "pull/14-keys-vkey",
    "pull-cert-package/07-keys-vkey",
    "pull-cert-package/09-keys-vkey-again-after-verifier-restart",
    "pull-ecc384-measured-boot/08-keys-vkey",
    "pull-python-agent-6.6.0/10-keys-vkey"
  })
  void shareVIsReadAndWrittenAsItWas(String name) {
    Capture capture = Capture.of(name);
    assertThat(VKey.parse(capture.request()).toJson()).isEqualTo(capture.request());
    assertThat(capture.results()).isEqualTo(Envelope.NOTHING);
  }

  @ParameterizedTest
  @CsvSource({
    "pull/16-keys-verify",
    "pull-cert-package/08-keys-verify",
    "pull-python-agent-6.6.0/11-keys-verify"
  })
  void theProofOfTheKeyIsReadAndWrittenAsItWas(String name) {
    Json.Obj results = Capture.of(name).results();
    assertThat(VerifyReply.parse(results).toJson()).isEqualTo(results);
  }

  @Test
  void aSharePostedForAnotherAgentDoesNotOpen() throws Exception {
    byte[] wrapped = VKey.parse(Capture.of("pull/14-keys-vkey").request()).encryptedKey();
    PrivateKey other = key("nk-pull-ecc384");
    assertThatThrownBy(() -> PayloadKey.unwrap(other, wrapped))
        .isInstanceOfSatisfying(
            WireException.class,
            e -> assertThat(e.reason()).isEqualTo(WireException.Reason.NOT_AUTHENTIC));
  }
}
