package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import java.util.function.BiFunction;

/** The frame of every message: a JSON:API document with one resource. */
public final class JsonApi {
  /** The media type of requests and replies. */
  public static final String MEDIA_TYPE = "application/vnd.api+json";

  /** The first segment of every path. */
  public static final String VERSION = "v3.0";

  private JsonApi() {}

  /** Reads {@code data} and its {@code attributes}, when the resource is of this type. */
  static <T> T read(Json json, String type, BiFunction<Fields, Fields, T> reader) {
    return Message.read(json, document -> read(document.object("data"), type, reader));
  }

  static <T> T read(Fields data, String type, BiFunction<Fields, Fields, T> reader) {
    if (!data.text("type", 32).equals(type)) {
      throw WireException.malformed("data.type", "is not " + type);
    }
    return reader.apply(data, data.object("attributes"));
  }

  static Json.Obj document(JsonObjectBuilder data) {
    return Json.object().put("data", data).build();
  }

  static JsonObjectBuilder resource(String type, JsonObjectBuilder attributes) {
    return Json.object().put("type", type).put("attributes", attributes);
  }

  static JsonObjectBuilder self(String path) {
    return Json.object().put("self", path);
  }
}
