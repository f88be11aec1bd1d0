package dev.keystead.evidence.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON value (RFC 8259), immutable and equal by content. Objects keep the order of their members;
 * equality ignores it. Numbers keep their text, and are equal when their text is.
 */
public sealed interface Json {
  /**
   * Parses one value with nothing but white space around it.
   *
   * @throws JsonException when the text is not UTF-8, not JSON, has a name twice in one object, or
   *     is beyond a limit
   */
  static Json parse(byte[] utf8, Limits limits) {
    return new JsonParser(utf8, limits).parse();
  }

  /**
   * Parses one value with nothing but white space around it; see {@link #parse(byte[], Limits)}.
   *
   * @throws JsonException also when the text holds an unpaired surrogate
   */
  static Json parse(String text, Limits limits) {
    if (text.length() > limits.bytes()) {
      throw new JsonException("more than %d bytes".formatted(limits.bytes()));
    }
    return parse(requireText(text).getBytes(StandardCharsets.UTF_8), limits);
  }

  /** Parses one object; see {@link #parse(byte[], Limits)}. */
  static Obj parseObject(byte[] utf8, Limits limits) {
    return new Field("", parse(utf8, limits)).object();
  }

  /** Starts an object. */
  static JsonObjectBuilder object() {
    return new JsonObjectBuilder();
  }

  /** An object of a copy of these members, in their order. */
  static Obj object(Map<String, ? extends Json> members) {
    members.keySet().forEach(Json::requireText);
    return new Obj(new LinkedHashMap<>(members));
  }

  /** An array. */
  static Arr array(List<? extends Json> items) {
    return new Arr(List.copyOf(items));
  }

  /** An array of strings. */
  static Arr strings(List<String> items) {
    return new Arr(items.stream().<Json>map(Str::new).toList());
  }

  /** A string. */
  static Str of(String text) {
    return new Str(text);
  }

  /** An integer. */
  static Num of(long value) {
    return new Num(Long.toString(value));
  }

  /** A truth value. */
  static Bool of(boolean value) {
    return new Bool(value);
  }

  /** {@code "an object"}, {@code "a string"} and so on, for messages. */
  default String kind() {
    return switch (this) {
      case Obj o -> "an object";
      case Arr a -> "an array";
      case Str s -> "a string";
      case Num n -> "a number";
      case Bool b -> "true or false";
      case Null n -> "null";
    };
  }

  /** Indented by two spaces, for people. */
  default String pretty() {
    return JsonWriter.pretty(this);
  }

  /** The compact text in UTF-8. */
  default byte[] toBytes() {
    return JsonWriter.compact(this).getBytes(StandardCharsets.UTF_8);
  }

  private static String requireText(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw new JsonException("an unpaired surrogate at character " + i);
        }
        i++;
      }
    }
    return text;
  }

  /** An object; no name occurs twice. */
  final class Obj implements Json {
    private final Map<String, Json> members;

    /** Takes the map over; its names are known to be text. */
    Obj(Map<String, Json> members) {
      this.members = Collections.unmodifiableMap(members);
    }

    /** The members in their order; cannot be changed. */
    public Map<String, Json> members() {
      return members;
    }

    /**
     * Typed access to the members.
     *
     * @param where the path of this object for messages; empty for the outermost
     */
    public Fields fields(String where) {
      return new Fields(where, this);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Obj that && members.equals(that.members);
    }

    @Override
    public int hashCode() {
      return members.hashCode();
    }

    @Override
    public String toString() {
      return JsonWriter.compact(this);
    }
  }

  /** An array. */
  record Arr(List<Json> items) implements Json {
    /** An array of a copy of these items. */
    public Arr {
      items = List.copyOf(items);
    }

    @Override
    public String toString() {
      return JsonWriter.compact(this);
    }
  }

  /** A string of whole code points. */
  record Str(String value) implements Json {
    /** Refuses unpaired surrogates. */
    public Str {
      requireText(value);
    }

    @Override
    public String toString() {
      return JsonWriter.compact(this);
    }
  }

  /** A number, exactly as written. */
  record Num(String text) implements Json {
    /** Refuses what is not a JSON number. */
    public Num {
      if (!JsonParser.isNumber(text)) {
        throw new JsonException("not a JSON number");
      }
    }

    /** Whether it is written as an integer, without fraction or exponent, that a long holds. */
    public boolean isLong() {
      try {
        Long.parseLong(text);
        return true;
      } catch (NumberFormatException e) {
        return false;
      }
    }

    /**
     * The value.
     *
     * @throws JsonException when it is not written as an integer or does not fit
     */
    public long longValue() {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw new JsonException("expected an integer of 64 bits, found another number");
      }
    }

    /** The value; its size is bounded by the text's. */
    public BigDecimal decimal() {
      try {
        return new BigDecimal(text);
      } catch (NumberFormatException e) {
        throw new JsonException("expected a number with an exponent in range");
      }
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** A truth value. */
  record Bool(boolean value) implements Json {
    @Override
    public String toString() {
      return Boolean.toString(value);
    }
  }

  /** Nothing. */
  record Null() implements Json {
    @Override
    public String toString() {
      return "null";
    }
  }
}
