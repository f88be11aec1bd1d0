package dev.keystead.keylime;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;

/**
 * What every reply of version 2 is wrapped in, in both directions (section 0).
 *
 * @param code the HTTP status again
 * @param status {@code Success}, or what went wrong
 * @param results the reply itself; an empty object in errors
 */
public record Envelope(int code, String status, Json.Obj results) {
  private static final int MAX_STATUS = 4096;

  /** No results. */
  public static final Json.Obj NOTHING = Json.object().build();

  /** A reply that succeeded. */
  public static Envelope success(Json.Obj results) {
    return new Envelope(200, "Success", results);
  }

  /** A reply that succeeded and has nothing to say. */
  public static Envelope success() {
    return success(NOTHING);
  }

  /** A refusal: a 4xx or 5xx code and why. */
  public static Envelope error(int code, String status) {
    return new Envelope(code, status, NOTHING);
  }

  /** Reads a reply; results that are null or absent are the empty object. */
  public static Envelope parse(byte[] utf8, Limits limits) {
    return parse(Message.parse(utf8, limits));
  }

  /** Reads a reply; results that are null or absent are the empty object. */
  public static Envelope parse(Json json) {
    return Message.read(json, Envelope::read);
  }

  private static Envelope read(Fields fields) {
    return new Envelope(
        fields.integer("code", 100, 599),
        fields.text("status", MAX_STATUS),
        fields.optional("results").map(f -> f.object()).orElse(NOTHING));
  }

  /** Whether the code is 2xx. */
  public boolean isSuccess() {
    return code / 100 == 2;
  }

  /** The object on the wire. */
  public Json.Obj toJson() {
    return Json.object().put("code", code).put("status", status).put("results", results).build();
  }

  /** The body on the wire. */
  public byte[] toBytes() {
    return toJson().toBytes();
  }
}
