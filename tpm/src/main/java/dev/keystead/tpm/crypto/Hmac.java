package dev.keystead.tpm.crypto;

import dev.keystead.tpm.structure.HashAlg;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC with the hashes of the TCG registry. */
public final class Hmac {
  private Hmac() {}

  /** The HMAC over the concatenation of {@code parts}; the key may be empty. */
  public static byte[] of(HashAlg alg, byte[] key, byte[]... parts) {
    String name = "Hmac" + alg.signatureName();
    try {
      Mac mac = Mac.getInstance(name);
      // HMAC pads keys with zero bytes, so one zero byte is the empty key, which the JCA refuses.
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, name));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + name, e);
    }
  }
}
