package dev.keystead.tao.upgrade;

import dev.keystead.claims.Sha256;
import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.claims.cbor.CborFields;
import dev.keystead.claims.cbor.CborMap;
import dev.keystead.tao.AttestRequest;
import dev.keystead.tao.Attestation;
import dev.keystead.tao.Tao;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.attestation.AttestationException;
import dev.keystead.tao.attestation.AttestationVerifier;
import dev.keystead.tao.attestation.VerifiedAttestation;
import dev.keystead.tao.upgrade.HandOverException.Reason;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How a program comes to the keys of its former version (docs/sealing.md). The new version has its
 * host attest a fresh public key and sends that to the old one. The old one makes sure that a host
 * which the policy key vouches for says so, and of whom, encrypts its keys to that public key, and
 * has its own host attest the result, so that nobody else can slip keys of theirs to the new one.
 * The messages need no protection on their way.
 */
public final class HandOver {
  /** The context in which the new version says which key it has. */
  public static final String ASK = "hand-over/ask/1";

  /** The context in which the old version says what it gives. */
  public static final String GIVE = "hand-over/give/1";

  /** The most bytes of keys. */
  public static final int MAX_KEYS = 8192;

  private final Attestation question;
  private final PrivateKey key;

  private HandOver(Attestation question, PrivateKey key) {
    this.question = question;
    this.key = key;
  }

  /** The new version asks: it makes a key pair for this one hand-over. */
  public static HandOver ask(Tao self) throws HandOverException {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(SealedKeys.CURVE).generateKeyPair();
      byte[] spki = pair.getPublic().getEncoded();
      return new HandOver(attest(self, ASK, spki), pair.getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + SealedKeys.CURVE, e);
    }
  }

  /** What the old version needs. */
  public Attestation question() {
    return question;
  }

  /**
   * The old version gives its keys to whoever asked, if that is the successor.
   *
   * @param question from the other program
   * @param successor whom the keys may go to
   * @param keys at most {@value #MAX_KEYS} bytes
   * @return what the new version needs
   */
  public static Attestation give(
      Tao self,
      Attestation question,
      Peer successor,
      byte[] keys,
      AttestationVerifier verifier,
      InstantSource clock)
      throws HandOverException {
    if (keys.length > MAX_KEYS) {
      throw new IllegalArgumentException("more than " + MAX_KEYS + " bytes of keys");
    }
    byte[] spki = said(question, ASK, successor, verifier, clock);
    byte[] about = Sha256.of(question.bytes());
    SealedKeys sealed = SealedKeys.seal(spki, about, keys);
    byte[] data =
        new CborMap()
            .put(1, Cbor.of(1))
            .put(2, Cbor.of(about))
            .put(3, Cbor.of(sealed.encapsulation()))
            .put(4, Cbor.of(sealed.ciphertext()))
            .encode();
    return attest(self, GIVE, data);
  }

  /**
   * The new version takes the keys.
   *
   * @param answer from the other program
   * @param predecessor whom the keys may come from
   * @return the keys, which the caller zeroes after use
   */
  public byte[] take(
      Attestation answer, Peer predecessor, AttestationVerifier verifier, InstantSource clock)
      throws HandOverException {
    byte[] data = said(answer, GIVE, predecessor, verifier, clock);
    byte[] about = Sha256.of(question.bytes());
    try {
      CborFields in = CborFields.parse(data, AttestRequest.MAX_DATA, "the answer");
      if (in.uint(1) != 1) {
        throw new CborException("an answer of an unknown version");
      }
      byte[] asked = in.bytes(2, Sha256.SIZE, Sha256.SIZE);
      byte[] encapsulation = in.bytes(3, SealedKeys.POINT_SIZE, SealedKeys.POINT_SIZE);
      byte[] ciphertext = in.bytes(4, SealedKeys.TAG_SIZE, MAX_KEYS + SealedKeys.TAG_SIZE);
      in.end();
      if (!MessageDigest.isEqual(asked, about)) {
        throw new HandOverException(Reason.NOT_FOR_US, "the answer to another question");
      }
      return new SealedKeys(encapsulation, ciphertext).open(key, about);
    } catch (CborException e) {
      throw new HandOverException(Reason.MALFORMED, "the answer: " + e.getMessage(), e);
    }
  }

  private static byte[] said(
      Attestation attestation,
      String context,
      Peer peer,
      AttestationVerifier verifier,
      InstantSource clock)
      throws HandOverException {
    VerifiedAttestation verified;
    try {
      verified = verifier.verify(attestation, clock.instant());
    } catch (AttestationException e) {
      throw new HandOverException(Reason.NOT_ATTESTED, "not attested: " + e.getMessage(), e);
    }
    if (!verified.context().equals(context)) {
      throw new HandOverException(Reason.WRONG_PURPOSE, "said in " + verified.context());
    }
    peer.require(verified.name());
    return verified.data();
  }

  private static Attestation attest(Tao self, String context, byte[] data)
      throws HandOverException {
    try {
      return self.attest(new AttestRequest(context, data, Optional.empty()));
    } catch (TaoException e) {
      throw new HandOverException(Reason.UNAVAILABLE, "our host does not attest", e);
    }
  }

  @Override
  public String toString() {
    return "HandOver";
  }
}
