package dev.keystead.keylime.registration;

import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.bootstrap.AuthTag;

/** The body of an activation (section 3.3). */
public record Activation(AuthTag authTag) {
  /** Reads the body. */
  public static Activation parse(Json json) {
    return Message.read(
        json, fields -> new Activation(AuthTag.parse(fields.text("auth_tag"), "auth_tag")));
  }

  /** The body on the wire. */
  public Json.Obj toJson() {
    return Json.object().put("auth_tag", authTag.hex()).build();
  }
}
