package dev.keystead.keylime.registration;

import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.Message;

/** The results of a registration: the credential to activate. */
public record RegistrationReply(ChallengeBlob blob) {
  /** Reads the results. */
  public static RegistrationReply parse(Json json) {
    return Message.read(
        json,
        fields ->
            new RegistrationReply(
                ChallengeBlob.parse(fields.bytes64("blob", ChallengeBlob.MAX_SIZE))));
  }

  /** The results on the wire. */
  public Json.Obj toJson() {
    return Json.object().putBytes64("blob", blob.toBytes()).build();
  }
}
