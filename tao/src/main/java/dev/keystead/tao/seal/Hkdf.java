package dev.keystead.tao.seal;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869), as far as one block of output. */
final class Hkdf {
  /** The JCA's name of the MAC. */
  static final String MAC = "HmacSHA256";

  /** Bytes of a block, of a pseudo-random key and of what is derived. */
  static final int SIZE = 32;

  private Hkdf() {}

  /** HKDF-Extract: a pseudo-random key of 32 bytes. */
  static byte[] extract(byte[] salt, byte[] secret) {
    return mac(salt).doFinal(secret);
  }

  /** HKDF-Expand to 32 bytes; {@code info} is the concatenation of the parts. */
  static byte[] expand(byte[] prk, byte[]... info) {
    return expandBlock(mac(prk), info);
  }

  /** HKDF-Expand to 32 bytes by a MAC that has the pseudo-random key and is left ready. */
  static byte[] expandBlock(Mac mac, byte[]... info) {
    for (byte[] part : info) {
      mac.update(part);
    }
    mac.update((byte) 1);
    return mac.doFinal();
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(MAC);
      // HMAC pads keys with zero bytes, so one zero byte is the empty key, which the JCA refuses.
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, MAC));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + MAC, e);
    }
  }
}
