package dev.keystead.keylime.bootstrap;

import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.Message;

/** The reply to keys/verify: proof that the agent has the bootstrap key. */
public record VerifyReply(AuthTag hmac) {
  /** The status of the refusal of an agent that has not got both shares yet; its code is 400. */
  public static final String NOT_YET = "Bootstrap key not yet available.";

  /** Reads the results. */
  public static VerifyReply parse(Json json) {
    return Message.read(
        json, fields -> new VerifyReply(AuthTag.parse(fields.text("hmac", 96), "hmac")));
  }

  /** The results on the wire. */
  public Json.Obj toJson() {
    return Json.object().put("hmac", hmac.hex()).build();
  }
}
