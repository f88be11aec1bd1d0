package dev.keystead.keylime.bootstrap;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.Message;
import java.util.Optional;

/**
 * The tenant's POST keys/ukey.
 *
 * @param encryptedKey share U under the agent's payload key
 * @param authTag shows which V belongs to it
 */
public record UKey(byte[] encryptedKey, AuthTag authTag, Optional<Payload> payload) {
  /** What a body may be: a payload of 1 MiB in base64. */
  public static final Limits LIMITS = Limits.WIRE.withBytes(2 << 20);

  /** Reads the body. */
  public static UKey parse(Json json) {
    return Message.read(
        json,
        fields ->
            new UKey(
                fields.bytes64("encrypted_key", VKey.MAX_WRAPPED),
                AuthTag.parse(fields.text("auth_tag", 96), "auth_tag"),
                fields.optionalBytes64("payload", Payload.MAX_SIZE).map(Payload::new)));
  }

  /** The body on the wire. */
  public Json.Obj toJson() {
    JsonObjectBuilder out =
        Json.object().putBytes64("encrypted_key", encryptedKey).put("auth_tag", authTag.hex());
    payload.ifPresent(p -> out.putBytes64("payload", p.bytes()));
    return out.build();
  }
}
