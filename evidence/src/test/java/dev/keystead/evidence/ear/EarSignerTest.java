package dev.keystead.evidence.ear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.ear.AttestationResult.Claim;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EarSignerTest {
  private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");
  private static final Finding FINDING =
      new Finding(Code.FILE_NOT_IN_POLICY, "IMA entry 78, /usr/bin/evil", "not listed");

  @Test
  void anotherLibraryVerifiesAndReadsTheResult() throws Exception {
    KeyPair keys = keys("secp256r1");
    AttestationResult result =
        new AttestationResult(
            "machine",
            TrustTier.CONTRAINDICATED,
            Map.of(
                Claim.HARDWARE, TrustTier.AFFIRMING, Claim.EXECUTABLES, TrustTier.CONTRAINDICATED),
            Optional.of("policy-7"),
            List.of(FINDING),
            NOW,
            Optional.of("a nonce"));

    SignedJWT jwt = SignedJWT.parse(signer(keys).sign(result));

    assertThat(jwt.verify(new ECDSAVerifier((ECPublicKey) keys.getPublic()))).isTrue();
    assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo("ES256");
    assertThat(jwt.getHeader().getKeyID()).isEqualTo("key-1");
    assertThat(jwt.getPayload().toJSONObject())
        .isEqualTo(
            Map.of(
                "eat_profile", "tag:github.com,2023:veraison/ear",
                "iat", NOW.getEpochSecond(),
                "eat_nonce", "a nonce",
                "ear.verifier-id", Map.of("developer", "Keystead", "build", "1"),
                "submods",
                    Map.of(
                        "machine",
                        Map.of(
                            "ear.status",
                            "contraindicated",
                            "ear.appraisal-policy-id",
                            "policy-7",
                            "ear.trustworthiness-vector",
                            Map.of("hardware", 2L, "executables", 96L),
                            "keystead.findings",
                            List.of(
                                Map.of(
                                    "code", "file-not-in-policy",
                                    "where", FINDING.where(),
                                    "detail", "not listed"))))));
  }

  @Test
  void anotherKeyDoesNotVerifyTheResult() throws Exception {
    SignedJWT jwt = SignedJWT.parse(signer(keys("secp256r1")).sign(affirming(List.of())));

    assertThat(jwt.verify(new ECDSAVerifier((ECPublicKey) keys("secp256r1").getPublic())))
        .isFalse();
  }

  @Test
  void anAffirmingResultHasNoFindings() {
    assertThatThrownBy(() -> affirming(List.of(FINDING)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void es256NeedsAKeyOnP256() throws Exception {
    KeyPair keys = keys("secp384r1");

    assertThatThrownBy(() -> signer(keys)).isInstanceOf(IllegalArgumentException.class);
  }

  private static AttestationResult affirming(List<Finding> findings) {
    return new AttestationResult(
        "machine",
        TrustTier.AFFIRMING,
        Map.of(),
        Optional.empty(),
        findings,
        NOW,
        Optional.empty());
  }

  private static EarSigner signer(KeyPair keys) {
    return new EarSigner((ECPrivateKey) keys.getPrivate(), "key-1", "1");
  }

  private static KeyPair keys(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }
}
