package dev.keystead.node.bootstrap;

import dev.keystead.keylime.bootstrap.AuthTag;
import dev.keystead.keylime.bootstrap.KeyShare;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * A share that somebody posted and that waits for its other half.
 *
 * @param poster who posted it, by the certificate of the connection
 * @param share the opened share
 * @param owner what only U comes with
 */
record PostedShare(String poster, KeyShare share, Optional<Owner> owner) {
  /**
   * What the tenant sends with U.
   *
   * @param tag by which the right V is known
   * @param payload encrypted with the key; empty when there is none
   */
  record Owner(AuthTag tag, byte[] payload) {}

  /** The same with a share of its own, which is closed apart from this one. */
  PostedShare copy() {
    return new PostedShare(poster, KeyShare.adopt(share.copy()), owner);
  }

  /** Which half it is. */
  boolean isU() {
    return owner.isPresent();
  }

  int payloadSize() {
    return owner.map(o -> o.payload().length).orElse(0);
  }

  /** The same for two posts of the same content, whoever posted them. */
  byte[] fingerprint() {
    byte[] secret = share.copy();
    try {
      MessageDigest digest = HashAlg.SHA256.digest();
      digest.update((byte) (isU() ? 'U' : 'V'));
      digest.update((byte) secret.length);
      digest.update(secret);
      owner.ifPresent(o -> {
        digest.update(o.tag().hex().getBytes(StandardCharsets.US_ASCII));
        digest.update(o.payload());
      });
      return digest.digest();
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }
}
