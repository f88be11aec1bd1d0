package dev.keystead.tenant.policy;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.policy.Dsse;
import dev.keystead.evidence.policy.RuntimePolicy;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.http.tls.SelfSigned;
import dev.keystead.http.tls.Subject;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Signs runtime policies as Keylime does (section 9.2 of the wire): with a P-256 key that is named
 * by its hash, or by a certificate of its own.
 */
public final class PolicySigner {
  private static final Duration VALIDITY = Duration.ofDays(365);

  private final KeyPair key;
  private final Optional<X509Certificate> certificate;

  private PolicySigner(KeyPair key, Optional<X509Certificate> certificate) {
    if (!(key.getPublic() instanceof ECPublicKey ec)
        || !ec.getParams().toString().contains("secp256r1")) {
      throw new EvidenceException(
          dev.keystead.evidence.Finding.Code.ALGORITHM_REFUSED,
          "signing key",
          "policies are signed with ECDSA on P-256, and this is another key");
    }
    this.key = key;
    this.certificate = certificate;
  }

  /** A signer whose key is named by its hash. */
  public static PolicySigner ofKey(KeyPair key) {
    return new PolicySigner(key, Optional.empty());
  }

  /** A signer whose key is named by a new, self-signed certificate, good for a year. */
  public static PolicySigner ofCertificate(KeyPair key, Instant now) {
    X509Certificate certificate =
        SelfSigned.identity(
                key,
                new Subject("keystead-policy", List.of("keystead-policy"), List.of()),
                now,
                VALIDITY)
            .certificate();
    return new PolicySigner(key, Optional.of(certificate));
  }

  /** A new key. */
  public static KeyPair newKey() {
    return PrivateKeys.generate(KeyType.EC_P256);
  }

  /** What to verify with, as PEM: the certificate, or the public key. */
  public String verifier() {
    return certificate.map(Certificates::toPem).orElseGet(() -> PrivateKeys.toPem(key.getPublic()));
  }

  /**
   * Signs a policy, byte for byte.
   *
   * @throws EvidenceException with POLICY_UNUSABLE when it is no runtime policy
   */
  public Dsse sign(byte[] policy) {
    Json.Obj json = Json.parseObject(policy, Limits.POLICY);
    RuntimePolicy.of(json);
    String id =
        certificate.isPresent() ? Dsse.certificateKeyId(verifier()) : Dsse.keyId(verifier());
    return Dsse.sign(policy, key.getPrivate(), id);
  }
}
