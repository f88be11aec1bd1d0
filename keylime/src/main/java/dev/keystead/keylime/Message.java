package dev.keystead.keylime;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.WireException.Reason;
import dev.keystead.tpm.structure.TpmFormatException;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reading messages: every fault of JSON or of a TPM structure in it comes out as a {@link
 * WireException}. Unknown fields are passed over, since newer peers send them.
 */
public final class Message {
  private Message() {}

  /** Parses a body. */
  public static Json parse(byte[] utf8, Limits limits) {
    try {
      return Json.parse(utf8, limits);
    } catch (JsonException e) {
      throw new WireException(Reason.MALFORMED, "the body is not acceptable JSON: " + text(e), e);
    }
  }

  /** Parses JSON that stands as text inside a field. */
  public static Json.Obj parseText(String text, Limits limits, String field) {
    try {
      return Json.parse(text, limits) instanceof Json.Obj object
          ? object
          : refuse(field, "is not a JSON object");
    } catch (JsonException e) {
      throw new WireException(Reason.MALFORMED, field + " holds no JSON: " + text(e), e);
    }
  }

  /** Reads the members of an object. */
  public static <T> T read(Json json, Function<Fields, T> reader) {
    if (!(json instanceof Json.Obj object)) {
      throw new WireException(Reason.MALFORMED, "the body is not a JSON object");
    }
    try {
      return reader.apply(object.fields(""));
    } catch (JsonException | TpmFormatException e) {
      throw new WireException(Reason.MALFORMED, text(e), e);
    }
  }

  /** A string of at most {@code max} characters that stands for nothing when absent or empty. */
  public static Optional<String> nonEmpty(Fields fields, String name, int max) {
    return fields.optional(name).map(f -> f.text(max)).filter(text -> !text.isEmpty());
  }

  /** The value, or null. */
  public static Json orNull(Optional<? extends Json> value) {
    return value.isPresent() ? value.get() : new Json.Null();
  }

  private static String text(RuntimeException e) {
    return String.valueOf(e.getMessage());
  }

  private static Json.Obj refuse(String field, String detail) {
    throw WireException.malformed(field, detail);
  }
}
