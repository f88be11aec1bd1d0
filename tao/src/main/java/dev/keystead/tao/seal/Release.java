package dev.keystead.tao.seal;

import dev.keystead.claims.KeyPrincipal;
import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cose.CoseException;
import dev.keystead.claims.cose.Signer;
import dev.keystead.claims.cose.VerifyingKey;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.SealPolicy.UpgradeSet;
import dev.keystead.tao.seal.CredentialException.Reason;

/**
 * A publisher's verified word that a program is a version of a product of theirs. Anybody can be a
 * publisher; which one counts is for a blob's policy to say.
 */
public final class Release implements Credential {
  /** What the signature is for. */
  static final String CONTEXT = "keystead/release/1";

  private final UpgradeSet version;
  private final Measurement measurement;

  private Release(UpgradeSet version, Measurement measurement) {
    this.version = version;
    this.measurement = measurement;
  }

  /**
   * Signs that a program is a version of a product.
   *
   * @param key the public half of the publisher's key
   * @param version 0 or more; a later version has a larger number
   */
  public static byte[] sign(
      Signer publisher, VerifyingKey key, String product, long version, Measurement program)
      throws CredentialException {
    if (!publisher.principal().equals(key.principal())) {
      throw new CredentialException(Reason.OTHER_KEY, "that is not the publisher's private half");
    }
    UpgradeSet checked = new UpgradeSet(key.principal(), product, version);
    return SignedWord.sign(
        publisher,
        CONTEXT,
        SignedWord.about(program)
            .put(2, Cbor.of(checked.product()))
            .put(3, Cbor.of(checked.minVersion()))
            .put(5, Cbor.of(key.key().getEncoded())));
  }

  /**
   * Verifies a release by the publisher's key inside it.
   *
   * @param signed at most 1024 bytes
   */
  public static Release verify(byte[] signed) throws CredentialException {
    byte[] spki = SignedWord.unverified(signed, in -> in.bytes(5, 1, VerifyingKey.MAX_SPKI));
    VerifyingKey key;
    try {
      key = VerifyingKey.parse(spki);
    } catch (CoseException e) {
      throw new CredentialException(Reason.MALFORMED, "the publisher's key: " + e.getMessage(), e);
    }
    return SignedWord.verify(
        signed,
        key,
        CONTEXT,
        in -> {
          in.bytes(5, spki.length, spki.length);
          return new Release(
              new UpgradeSet(key.principal(), in.text(2, 64), in.uint(3)), SignedWord.program(in));
        });
  }

  /** Whose key signed it. */
  public KeyPrincipal publisher() {
    return version.publisher();
  }

  /** The product's name. */
  public String product() {
    return version.product();
  }

  /** The version. */
  public long version() {
    return version.minVersion();
  }

  /** Whether it speaks of a version of this set. */
  public boolean isIn(UpgradeSet set) {
    return publisher().equals(set.publisher())
        && product().equals(set.product())
        && version() >= set.minVersion();
  }

  @Override
  public Measurement measurement() {
    return measurement;
  }
}
