package dev.keystead.tao.seal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.claims.KeyPrincipal;
import dev.keystead.claims.Sha256;
import dev.keystead.claims.cose.SigningKey;
import dev.keystead.claims.cose.VerifyingKey;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.attestation.Validity;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Hosts, programs and keys for the tests of sealing. */
final class Seals {
  static final Instant NOW = Instant.parse("2026-11-22T18:00:00Z");
  static final InstantSource CLOCK = InstantSource.fixed(NOW);

  static final KeyPair OWNER_PAIR = pair();
  static final PolicyKey OWNER = PolicyKey.of(OWNER_PAIR.getPublic().getEncoded());
  static final KeyPair PUBLISHER_PAIR = pair();
  static final KeyPrincipal PUBLISHER = KeyPrincipal.of(PUBLISHER_PAIR.getPublic());

  static final Caller PROGRAM = new Caller(measurement("a program"));
  static final Caller OTHER = new Caller(measurement("another program"));

  private Seals() {}

  static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Measurement measurement(String program) {
    return Measurement.of(Sha256.of(bytes(program)));
  }

  static SealingRoot root(String secret, String host) {
    return new SealingRoot(Sha256.of(bytes(secret)), Sha256.of(bytes(host)), OWNER);
  }

  static Sealer sealer() {
    return new Sealer(root("a secret", "a host"), CLOCK);
  }

  static SigningKey signer(KeyPair pair) {
    return new SigningKey(pair.getPublic(), pair.getPrivate());
  }

  static Caller release(String program, KeyPair publisher, String product, long version) {
    Measurement measurement = measurement(program);
    try {
      VerifyingKey key = new VerifyingKey(publisher.getPublic());
      byte[] signed = Release.sign(signer(publisher), key, product, version, measurement);
      return new Caller(measurement, List.of(Release.verify(signed)));
    } catch (CredentialException e) {
      throw new AssertionError(e);
    }
  }

  static Caller release(String program, String product, long version) {
    return release(program, PUBLISHER_PAIR, product, version);
  }

  static Caller approved(String program, Instant expires) {
    Measurement measurement = measurement(program);
    try {
      Validity validity = new Validity(NOW.minusSeconds(3600), expires);
      byte[] signed = Approval.sign(signer(OWNER_PAIR), OWNER, measurement, validity);
      return new Caller(measurement, List.of(Approval.verify(signed, OWNER)));
    } catch (CredentialException e) {
      throw new AssertionError(e);
    }
  }

  static void assertRefused(Sealer sealer, Caller caller, byte[] blob) {
    assertRefused(() -> sealer.unseal(caller, new SealedBlob(blob)));
  }

  /** What somebody outside sees of a refusal is always the same. */
  static void assertRefused(ThrowingCallable unseal) {
    assertThatThrownBy(unseal)
        .isExactlyInstanceOf(TaoException.class)
        .hasMessage("not unsealed")
        .hasNoCause()
        .extracting(e -> ((TaoException) e).reason())
        .isEqualTo(Reason.NOT_UNSEALED);
  }
}
