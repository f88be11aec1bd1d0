package dev.keystead.evidence.json;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The members of an object, read by name and type. For the optional forms a member that is absent
 * and one that is {@code null} are the same. Each fault is a {@link JsonException} such as {@code
 * port: expected a number from 1 to 65535, found a string}.
 */
public final class Fields {
  private static final int LONGEST_SHOWN = 64;

  private final String where;
  private final Map<String, Json> members;
  private final Set<String> read = new HashSet<>();

  Fields(String where, Json.Obj object) {
    this.where = where;
    this.members = object.members();
  }

  /** A member that must be there; it may be {@code null}. */
  public Field field(String name) {
    read.add(name);
    Json value = members.get(name);
    if (value == null) {
      throw new JsonException(path(name) + ": missing");
    }
    return new Field(path(name), value);
  }

  /** A member that may be absent or {@code null}. */
  public Optional<Field> optional(String name) {
    read.add(name);
    Json value = members.get(name);
    return value == null || value instanceof Json.Null
        ? Optional.empty()
        : Optional.of(new Field(path(name), value));
  }

  /** Whether there is such a member, {@code null} or not. */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /** All names in their order. */
  public Set<String> names() {
    return members.keySet();
  }

  /** A string. */
  public String text(String name) {
    return field(name).text();
  }

  /** A string of at most {@code max} UTF-16 units. */
  public String text(String name, int max) {
    return field(name).text(max);
  }

  /** A string, if there is one. */
  public Optional<String> optionalText(String name) {
    return optional(name).map(Field::text);
  }

  /** An integer within bounds, both inclusive. */
  public int integer(String name, int min, int max) {
    return field(name).integer(min, max);
  }

  /** An integer within bounds, both inclusive. */
  public long integer(String name, long min, long max) {
    return field(name).integer(min, max);
  }

  /** An integer within bounds, both inclusive, if there is one. */
  public OptionalInt optionalInteger(String name, int min, int max) {
    Optional<Field> field = optional(name);
    return field.isPresent() ? OptionalInt.of(field.get().integer(min, max)) : OptionalInt.empty();
  }

  /** An integer within bounds, both inclusive, if there is one. */
  public OptionalLong optionalInteger(String name, long min, long max) {
    Optional<Field> field = optional(name);
    return field.isPresent()
        ? OptionalLong.of(field.get().integer(min, max))
        : OptionalLong.empty();
  }

  /** True or false. */
  public boolean bool(String name) {
    return field(name).bool();
  }

  /** True or false, if there is one. */
  public Optional<Boolean> optionalBool(String name) {
    return optional(name).map(Field::bool);
  }

  /** An object's members. */
  public Fields object(String name) {
    return field(name).fields();
  }

  /** An object's members, if there is one. */
  public Optional<Fields> optionalObject(String name) {
    return optional(name).map(Field::fields);
  }

  /** An array of at most {@code max} items. */
  public List<Field> list(String name, int max) {
    return field(name).list(max);
  }

  /** An array of at most {@code max} items; none when absent. */
  public List<Field> optionalList(String name, int max) {
    return optional(name).map(field -> field.list(max)).orElse(List.of());
  }

  /** At most {@code max} bytes in canonical base64 with padding. */
  public byte[] bytes64(String name, int max) {
    return field(name).bytes64(max);
  }

  /** At most {@code max} bytes in canonical base64 with padding, if there are any. */
  public Optional<byte[]> optionalBytes64(String name, int max) {
    return optional(name).map(field -> field.bytes64(max));
  }

  /** At most {@code max} bytes in hex. */
  public byte[] hex(String name, int max) {
    return field(name).hex(max);
  }

  /** Refuses members that nobody has read. */
  public void done() {
    for (String name : members.keySet()) {
      if (!read.contains(name)) {
        throw new JsonException(path(name) + ": unknown field");
      }
    }
  }

  private String path(String name) {
    String shown = name.length() <= LONGEST_SHOWN ? name : name.substring(0, LONGEST_SHOWN) + "...";
    String quoted = Json.of(shown).toString();
    shown = quoted.length() == shown.length() + 2 ? shown : quoted;
    return where.isEmpty() ? shown : where + "." + shown;
  }
}
