package dev.keystead.evidence.ear;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.util.Base64;
import java.util.TreeMap;

/**
 * Signs attestation results as EAR: a JWT in compact form, ES256.
 *
 * <p>Claims: {@code eat_profile}, {@code iat}, {@code ear.verifier-id}, {@code eat_nonce} if there
 * is one, and {@code submods} with {@code ear.status}, {@code ear.trustworthiness-vector}, {@code
 * ear.appraisal-policy-id} and our own {@code keystead.findings}: a list of {code, where, detail}.
 */
public final class EarSigner {
  private static final String PROFILE = "tag:github.com,2023:veraison/ear";
  private static final String DEVELOPER = "Keystead";
  private static final int P256_ORDER_BITS = 256;

  private final ECPrivateKey key;
  private final String keyId;
  private final String build;

  /**
   * Signs with a P-256 key.
   *
   * @param keyId tells relying parties which key it is
   * @param build the version of this software
   */
  public EarSigner(ECPrivateKey key, String keyId, String build) {
    if (key.getParams().getOrder().bitLength() != P256_ORDER_BITS) {
      throw new IllegalArgumentException("ES256 needs a key on P-256");
    }
    this.key = key;
    this.keyId = keyId;
    this.build = build;
  }

  /** The compact JWS. */
  public String sign(AttestationResult result) {
    Json.Obj header = Json.object().put("alg", "ES256").put("typ", "JWT").put("kid", keyId).build();
    String signed = base64(header.toBytes()) + "." + base64(claims(result).toBytes());
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(key);
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the result cannot be signed: " + e.getMessage(), e);
    }
  }

  private Json.Obj claims(AttestationResult result) {
    JsonObjectBuilder claims =
        Json.object()
            .put("eat_profile", PROFILE)
            .put("iat", result.issuedAt().getEpochSecond())
            .put("ear.verifier-id", Json.object().put("developer", DEVELOPER).put("build", build))
            .putIfPresent("eat_nonce", result.nonce().map(Json::of));
    return claims.put("submods", Json.object().put(result.submodule(), submodule(result))).build();
  }

  private static JsonObjectBuilder submodule(AttestationResult result) {
    JsonObjectBuilder vector = Json.object();
    new TreeMap<>(result.claims())
        .forEach((claim, tier) -> vector.put(claim.label(), tier.value()));
    return Json.object()
        .put("ear.status", result.status().label())
        .put("ear.trustworthiness-vector", vector)
        .putIfPresent("ear.appraisal-policy-id", result.policyId().map(Json::of))
        .put(
            "keystead.findings",
            Json.array(
                result.findings().stream()
                    .map(finding ->
                        Json.object()
                            .put("code", finding.code().label())
                            .put("where", finding.where())
                            .put("detail", finding.detail())
                            .build())
                    .toList()));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
