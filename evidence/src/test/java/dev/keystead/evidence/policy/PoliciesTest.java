package dev.keystead.evidence.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.Fixture;
import dev.keystead.evidence.Refusal;
import dev.keystead.evidence.ima.ImaKey;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoliciesTest {
  private static final String HEX = "ab".repeat(32);
  private static final String POLICY =
      """
      {"meta": {"version": 1, "generator": 3, "timestamp": "2026-11-22 02:58:11.759917"},
       "release": 0, "digests": {"/bin/a": ["%s"], "/bin/b": ["%s", "%s"]},
       "excludes": ["/tmp/.*$"], "keyrings": {".ima": ["%s"]},
       "ima": {"ignored_keyrings": [], "log_hash_alg": "sha1", "dm_policy": null},
       "ima-buf": {"kernel_version": ["%s"]}, "verification-keys": ""}
      """
          .formatted(HEX, HEX, "cd".repeat(20), HEX, HEX);

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static KeyPair p256() throws GeneralSecurityException {
    return ec(256);
  }

  private static KeyPair ec(int size) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(size);
    return generator.generateKeyPair();
  }

  @Test
  void aPolicyAsKeylimeWritesItIsRead() {
    RuntimePolicy policy = RuntimePolicy.parse(utf8(POLICY));
    assertThat(policy.fileCount()).isEqualTo(2);
    assertThat(policy.templateHash()).isEqualTo(HashAlg.SHA1);
    assertThat(policy.digests().allows("/bin/b", HexBytes.of("cd".repeat(20)))).isTrue();
    assertThat(policy.digests().allows("/bin/a", HexBytes.of("cd".repeat(20)))).isFalse();
    assertThat(policy.excludes("/tmp/x")).isTrue();
    assertThat(policy.excludes("/var/tmp/x")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "\"release\": 0,~~release: missing",
        "\"version\": 1~\"version\": 2~meta.version: expected a number from 1 to 1",
        "\"generator\": 3~\"generator\": 4~meta.generator",
        "\"dm_policy\": null~\"dm_policy\": {}~ima.dm_policy",
        "\"sha1\"~\"md5\"~ima.log_hash_alg",
        "\"/tmp/.*$\"~\"(a)\\\\1\"~excludes: pattern 1, offset",
        "\"ima-buf\": {\"kernel_version\"~\"more\": 1, \"ima-buf\": {\"kernel_version\"~more: unknown field",
        "\"/bin/a\": [~\"/bin/c\": [], \"/bin/a\": [~a name without digests",
        "\"/bin/a\": [\"ab~\"/bin/a\": [\"AB~lower-case hex",
        "\"/bin/a\": [\"ab~\"/bin/a\": [\"a~lower-case hex",
        "keys\": \"\"~keys\": \"{}\"~verification-keys.pubkeys: missing",
        "keys\": \"\"~keys\": \"{\\\"pubkeys\\\":[\\\"AAAA\\\"]}\"~verification-keys.pubkeys[0]",
      })
  void aPolicyThatIsNotAsKeylimeDefinesItIsRefusedWithTheReason(
      String part, String instead, String reason) {
    String text = POLICY.replace(part, instead == null ? "" : instead);
    assertThat(text).isNotEqualTo(POLICY);
    Finding finding = Refusal.of(Code.POLICY_UNUSABLE, () -> RuntimePolicy.parse(utf8(text)));
    assertThat(finding.detail()).contains(reason);
  }

  @Test
  void verificationKeysAreReadInBothOfKeylimesForms() throws GeneralSecurityException {
    KeyPair keys = p256();
    String ring =
        Json.object()
            .put("keyids", Json.array(List.of(Json.of(0xfedcba98L))))
            .put(
                "pubkeys",
                Json.strings(
                    List.of(Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()))))
            .build()
            .toString();
    for (String text : List.of(ring, Json.of(ring).toString())) {
      String policy = POLICY.replace("keys\": \"\"", "keys\": " + Json.of(text));
      assertThat(RuntimePolicy.parse(utf8(policy)).verificationKeys().keys())
          .containsExactly(new ImaKey(0xfedcba98, keys.getPublic()));
    }
  }

  @Test
  void aPolicyMadeFromAListAllowsItAndItsBuffersAndLoadsAgain() {
    Fixture fixture = new Fixture("07-critical-data");
    byte[] list = fixture.bytes("binary_runtime_measurements");
    Json.Obj made =
        RuntimePolicyWriter.fromList(
            list, HashAlg.SHA1, Instant.parse("2026-11-22T02:58:11.759917Z"));
    assertThat(made)
        .isEqualTo(
            RuntimePolicyWriter.fromList(
                fixture.bytes("ascii_runtime_measurements"),
                HashAlg.SHA1,
                Instant.parse("2026-11-22T02:58:11.759917Z")));
    assertThat(made.fields("").object("meta").text("timestamp"))
        .isEqualTo("2026-11-22 02:58:11.759917");
    assertThat(made.fields("").object("digests").names()).contains("boot_aggregate", "/init");
    assertThat(made.fields("").object("ima-buf").names()).containsExactly("kernel_version");
    assertThat(RuntimePolicy.of(made).fileCount()).isGreaterThan(70);
  }

  @Test
  void aPolicyOfTwentyThousandFilesIsReadWithinItsLimits() {
    StringBuilder digests = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      digests.append("\"/usr/lib/f").append(i).append("\":[\"").append(HEX).append("\"],");
    }
    String text = POLICY.replace("\"digests\": {", "\"digests\": {" + digests);
    assertThat(RuntimePolicy.parse(utf8(text)).fileCount()).isEqualTo(20_002);
  }

  @Test
  void pcrPoliciesAllowListedValuesAndNameOthers() {
    PcrPolicy policy =
        PcrPolicy.parse(
            "{\"mask\": \"0x408000\", \"22\": [\""
                + HEX.toUpperCase(java.util.Locale.ROOT)
                + "\"], \"7\": \""
                + "cd".repeat(32)
                + "\"}");
    assertThat(policy.mask()).isEqualTo(0x408080);
    Digest good = Digest.of(HashAlg.SHA256, HexBytes.of(HEX));
    assertThat(
            policy.judge(PcrValues.of(HashAlg.SHA256, Map.of(22, good, 7, good)), HashAlg.SHA256))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.code()).isEqualTo(Code.PCR_REFUSED);
          assertThat(finding.where()).isEqualTo("PCR 7");
          assertThat(finding.detail()).contains(HEX).contains("cdcdcd");
        });
    assertThat(policy.judge(PcrValues.of(HashAlg.SHA256, Map.of(7, good)), HashAlg.SHA256))
        .extracting(Finding::code)
        .containsExactly(Code.PCR_REFUSED, Code.PCR_MISSING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]", "{\"mask\":\"0x1000000\"}", "{\"mask\":-1}", "{\"24\":[\"00\"]}", "{\"7\":[]}",
        "{\"7\":[\"zz\"]}", "{\"7\":[\"00\"]}", "{\"07\":[]}", "{\"mask\":\"0x\"}", "{\"x\":1}",
      })
  void pcrPoliciesThatCannotBeMetAreRefused(String json) {
    Refusal.of(Code.POLICY_UNUSABLE, () -> PcrPolicy.parse(json));
  }

  @Test
  void aPolicyForPcr16IsRefused() {
    Refusal.of(Code.POLICY_UNUSABLE, () -> PcrPolicy.parse("{\"16\":[\"" + HEX + "\"]}"));
  }

  @Test
  void anEnvelopeVerifiesWithATrustedKeyWhateverKeyIdItNames() throws GeneralSecurityException {
    KeyPair keys = p256();
    Dsse signed = Dsse.sign(utf8(POLICY), keys.getPrivate(), Dsse.keyId("another"));
    Dsse read = Dsse.parse(signed.toJson().toBytes());
    assertThat(read.verify(List.of(p256().getPublic(), keys.getPublic()))).isEqualTo(utf8(POLICY));
    Refusal.of(Code.SIGNATURE_INVALID, () -> read.verify(List.of(p256().getPublic())));
    Refusal.of(Code.SIGNATURE_INVALID, () -> read.verify(List.of()));
    Refusal.of(Code.ALGORITHM_REFUSED, () -> read.verify(List.of(ec(384).getPublic())));
  }

  @Test
  void aPayloadThatIsChangedOrOfAnotherTypeIsRefused() throws GeneralSecurityException {
    KeyPair keys = p256();
    Dsse signed = Dsse.sign(utf8(POLICY), keys.getPrivate(), "k");
    Dsse changed = new Dsse(utf8(POLICY + " "), signed.payloadType(), signed.signatures());
    Dsse retyped = new Dsse(signed.payload(), "text/plain", signed.signatures());
    Refusal.of(Code.SIGNATURE_INVALID, () -> changed.verify(List.of(keys.getPublic())));
    Refusal.of(Code.SIGNATURE_INVALID, () -> retyped.verify(List.of(keys.getPublic())));
  }

  @FuzzTest(maxDuration = "60s")
  void anyRuntimePolicyIsRefusedWithAReasonOrRead(byte[] bytes) {
    try {
      RuntimePolicy.parse(bytes);
    } catch (EvidenceException e) {
      assertThat(e.finding().code()).isEqualTo(Code.POLICY_UNUSABLE);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void anyEnvelopeIsRefusedWithAReasonOrSurvivesTheRoundTrip(byte[] bytes) {
    try {
      Dsse envelope = Dsse.parse(bytes);
      assertThat(Json.parse(envelope.toJson().toBytes(), Limits.POLICY))
          .isEqualTo(Json.parse(bytes, Limits.POLICY));
    } catch (EvidenceException e) {
      assertThat(e.finding().code()).isEqualTo(Code.POLICY_UNUSABLE);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void anyPcrPolicyIsRefusedWithAReasonOrRead(byte[] bytes) {
    try {
      PcrPolicy.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (EvidenceException e) {
      assertThat(e.finding().code()).isEqualTo(Code.POLICY_UNUSABLE);
    }
  }

  /** Hex as bytes. */
  private static final class HexBytes {
    static byte[] of(String hex) {
      return java.util.HexFormat.of().parseHex(hex);
    }
  }
}
