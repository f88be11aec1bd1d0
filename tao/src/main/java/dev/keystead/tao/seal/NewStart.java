package dev.keystead.tao.seal;

import dev.keystead.claims.Sha256;
import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cose.Signer;
import dev.keystead.tao.PolicyKey;

/**
 * The owner's verified order that a host gives up all fresh blobs, because its table of versions or
 * its counter is lost. It is for one host with its counter at one value. The counter is beyond it
 * when the order is carried out, so that it is carried out once.
 */
public final class NewStart {
  /** What the signature is for. */
  static final String CONTEXT = "keystead/new-start/1";

  private final byte[] hostId;
  private final long counter;

  private NewStart(byte[] hostId, long counter) {
    this.hostId = hostId;
    this.counter = counter;
  }

  /**
   * Signs the order with the private half of the policy key.
   *
   * @param hostId of the sealing root, 32 bytes
   * @param counter what the counter says now
   */
  public static byte[] sign(Signer signer, PolicyKey owner, byte[] hostId, long counter)
      throws CredentialException {
    return SignedWord.sign(
        signer,
        owner,
        CONTEXT,
        SignedWord.fields().put(2, Cbor.of(hostId)).put(3, Cbor.of(counter)));
  }

  /**
   * Verifies an order.
   *
   * @param signed at most 1024 bytes
   */
  public static NewStart verify(byte[] signed, PolicyKey owner) throws CredentialException {
    return SignedWord.verify(
        signed,
        owner,
        CONTEXT,
        in -> new NewStart(in.bytes(2, Sha256.SIZE, Sha256.SIZE), in.uint(3)));
  }

  /** The host that the order is for. */
  byte[] hostId() {
    return hostId;
  }

  /** The counter that the order is for. */
  long counter() {
    return counter;
  }
}
