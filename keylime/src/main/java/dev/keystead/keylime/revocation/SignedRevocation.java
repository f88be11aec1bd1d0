package dev.keystead.keylime.revocation;

import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.WireException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.util.Optional;

/**
 * The outer message of a revocation (section 6): POST /notifications/revocation, and what a webhook
 * gets.
 *
 * @param msg the inner message exactly as it was signed
 * @param signature absent when the owner gave no key
 */
public record SignedRevocation(String msg, Optional<byte[]> signature) {
  private static final int MAX_MSG = 256 << 10;

  /** Signs a message; without a key it goes out unsigned. */
  public static SignedRevocation of(Revocation message, Optional<RevocationKey> key) {
    String msg = message.toText();
    return new SignedRevocation(msg, key.map(k -> k.sign(msg.getBytes(StandardCharsets.UTF_8))));
  }

  /** Reads the body; nothing is verified by that. */
  public static SignedRevocation parse(Json json) {
    return Message.read(
        json,
        fields ->
            new SignedRevocation(
                fields.text("msg", MAX_MSG),
                fields.optionalBytes64("signature", 512).filter(b -> b.length != 0)));
  }

  /**
   * The inner message, if this key signed it.
   *
   * @param key of the certificate that the payload brought
   * @throws WireException NOT_AUTHENTIC without a signature and when it is not this key's
   */
  public Revocation verify(PublicKey key) {
    byte[] bytes =
        signature.orElseThrow(
            () -> new WireException(Reason.NOT_AUTHENTIC, "signature: the message has none"));
    if (!(key instanceof RSAKey rsa) || RevocationKey.unfit(rsa)) {
      throw new WireException(
          Reason.NOT_AUTHENTIC, "signature: the revocation certificate has no fit RSA key");
    }
    try {
      Signature pss = RevocationKey.pss(rsa);
      pss.initVerify(key);
      pss.update(msg.getBytes(StandardCharsets.UTF_8));
      if (!pss.verify(bytes)) {
        throw new WireException(Reason.NOT_AUTHENTIC, "signature: does not verify");
      }
    } catch (GeneralSecurityException e) {
      throw new WireException(Reason.NOT_AUTHENTIC, "signature: does not verify", e);
    }
    return Revocation.parse(msg);
  }

  /** The body on the wire. */
  public Json.Obj toJson() {
    String base64 = signature.map(java.util.Base64.getEncoder()::encodeToString).orElse("");
    return Json.object().put("msg", msg).put("signature", base64).build();
  }
}
