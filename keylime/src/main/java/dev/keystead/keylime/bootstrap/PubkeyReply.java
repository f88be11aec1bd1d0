package dev.keystead.keylime.bootstrap;

import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.Message;

/** The reply to keys/pubkey; nothing binds the key to the machine. */
public record PubkeyReply(PayloadKey key) {
  /** Reads the results. */
  public static PubkeyReply parse(Json json) {
    return Message.read(
        json,
        fields -> new PubkeyReply(PayloadKey.parse(fields.text("pubkey", PayloadKey.MAX_PEM))));
  }

  /** The results on the wire. */
  public Json.Obj toJson() {
    return Json.object().put("pubkey", key.pem()).build();
  }
}
