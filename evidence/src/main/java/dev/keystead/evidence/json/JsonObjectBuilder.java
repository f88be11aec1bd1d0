package dev.keystead.evidence.json;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Builds one object, member by member; a name that is put twice is a defect of the caller. */
public final class JsonObjectBuilder {
  private final Map<String, Json> members = new LinkedHashMap<>();

  JsonObjectBuilder() {}

  /** Adds a member. */
  public JsonObjectBuilder put(String name, Json value) {
    if (members.putIfAbsent(Json.of(name).value(), value) != null) {
      throw new IllegalArgumentException("member put twice: " + name);
    }
    return this;
  }

  /** Adds a string. */
  public JsonObjectBuilder put(String name, String value) {
    return put(name, Json.of(value));
  }

  /** Adds an integer. */
  public JsonObjectBuilder put(String name, long value) {
    return put(name, Json.of(value));
  }

  /** Adds a truth value. */
  public JsonObjectBuilder put(String name, boolean value) {
    return put(name, Json.of(value));
  }

  /** Adds an object. */
  public JsonObjectBuilder put(String name, JsonObjectBuilder value) {
    return put(name, value.build());
  }

  /** Adds bytes in base64 with padding. */
  public JsonObjectBuilder putBytes64(String name, byte[] value) {
    return put(name, Base64.getEncoder().encodeToString(value));
  }

  /** Adds a value if there is one. */
  public JsonObjectBuilder putIfPresent(String name, Optional<? extends Json> value) {
    value.ifPresent(v -> put(name, v));
    return this;
  }

  /** Adds {@code null}. */
  public JsonObjectBuilder putNull(String name) {
    return put(name, new Json.Null());
  }

  /** The object so far. */
  public Json.Obj build() {
    return new Json.Obj(new LinkedHashMap<>(members));
  }
}
