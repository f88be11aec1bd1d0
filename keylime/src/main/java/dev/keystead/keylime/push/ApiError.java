package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import java.util.List;

/**
 * A refusal of version 3.
 *
 * @param status the HTTP status again
 * @param title its name
 * @param detail what went wrong, for people
 */
public record ApiError(int status, String title, String detail) {
  private static final int LONGEST = 4096;

  /** Reads a body; of several errors the first. */
  public static ApiError parse(Json json) {
    return Message.read(
            json,
            fields -> fields.list("errors", 32).stream().findFirst().map(e -> read(e.fields())))
        .orElseThrow(() -> WireException.malformed("errors", "is empty"));
  }

  private static ApiError read(Fields fields) {
    String status = fields.text("status", 3);
    if (!status.matches("[1-5][0-9]{2}")) {
      throw WireException.malformed("errors.status", "is no status");
    }
    return new ApiError(
        Integer.parseInt(status),
        fields.text("title", LONGEST),
        fields.optional("detail").map(f -> f.text(LONGEST)).orElse(""));
  }

  /** The body on the wire. */
  public Json.Obj toJson() {
    Json.Obj error =
        Json.object()
            .put("status", Integer.toString(status))
            .put("title", title)
            .put("detail", detail)
            .build();
    return Json.object().put("errors", Json.array(List.of(error))).build();
  }
}
