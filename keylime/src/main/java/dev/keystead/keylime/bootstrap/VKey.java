package dev.keystead.keylime.bootstrap;

import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.Message;

/** The verifier's POST keys/vkey: share V under the agent's payload key. */
public record VKey(byte[] encryptedKey) {
  /** Most bytes that an RSA key of 4096 bits encrypts to. */
  static final int MAX_WRAPPED = 512;

  /** Reads the body. */
  public static VKey parse(Json json) {
    return Message.read(json, fields -> new VKey(fields.bytes64("encrypted_key", MAX_WRAPPED)));
  }

  /** The body on the wire. */
  public Json.Obj toJson() {
    return Json.object().putBytes64("encrypted_key", encryptedKey).build();
  }
}
