package dev.keystead.tao;

import dev.keystead.claims.Segment;
import dev.keystead.claims.cose.CoseException;
import dev.keystead.claims.cose.SigningKey;
import dev.keystead.tao.attestation.AttestationVerifier;
import dev.keystead.tao.attestation.Owner;
import dev.keystead.tao.attestation.Validity;
import dev.keystead.tao.host.Credentials;
import dev.keystead.tao.host.HostSettings;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** An owner with a policy key, and the time. */
public final class Domain implements InstantSource {
  private static final Duration YEAR = Duration.ofDays(365);

  private final PolicyKey policyKey;
  private final SigningKey signer;
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");

  /** A new owner. */
  public Domain() throws GeneralSecurityException {
    KeyPair pair = keyPair();
    this.policyKey = PolicyKey.of(pair.getPublic().getEncoded());
    this.signer = new SigningKey(pair.getPublic(), pair.getPrivate());
  }

  /** A key pair on P-256. */
  public static KeyPair keyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  /** PK0. */
  public PolicyKey policyKey() {
    return policyKey;
  }

  /** Its private half. */
  public SigningKey signer() {
    return signer;
  }

  /** Signs with it. */
  public Owner owner() {
    return new Owner(policyKey, signer);
  }

  /** Verifies from PK0 alone. */
  public AttestationVerifier verifier() {
    return new AttestationVerifier(policyKey);
  }

  /** From now for a year. */
  public Validity year() {
    return Validity.from(now, YEAR);
  }

  /** Settings of a host that is this program, which the owner endorses, with an hour's validity. */
  public HostSettings settings(Segment host) throws CoseException {
    return settings(host, Credentials.none());
  }

  /** Settings of a host with these credentials. */
  public HostSettings settings(Segment host, Credentials credentials) throws CoseException {
    return new HostSettings(
        policyKey, owner().endorseHost(host, year()), credentials, Duration.ofHours(1), this);
  }

  /** Lets time pass. */
  public void pass(Duration time) {
    now = now.plus(time);
  }

  @Override
  public Instant instant() {
    return now;
  }
}
