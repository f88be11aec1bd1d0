package dev.keystead.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Header fields in the order of the wire (RFC 9110 section 5), immutable. Names are tokens,
 * compared without regard to case. Values hold visible ISO-8859-1 characters, spaces and tabs only,
 * without blanks at either end: a value with CR, LF, NUL or another control character can't be
 * built.
 */
public final class Headers {
  private static final Headers NONE = new Headers(List.of());

  /** One field line. */
  public record Field(String name, String value) {
    /** Refuses what may not stand on the wire. */
    public Field {
      if (!Syntax.isToken(name)) {
        throw new IllegalArgumentException("header name is not a token");
      }
      if (!Syntax.isFieldValue(value)) {
        throw new IllegalArgumentException("header value has a character that is not allowed");
      }
    }
  }

  private final List<Field> fields;

  private Headers(List<Field> fields) {
    this.fields = fields;
  }

  /** No fields. */
  public static Headers none() {
    return NONE;
  }

  /** These fields, in this order. */
  public static Headers of(List<Field> fields) {
    return fields.isEmpty() ? NONE : new Headers(List.copyOf(fields));
  }

  /**
   * One field.
   *
   * @throws IllegalArgumentException if name or value may not stand on the wire
   */
  public static Headers of(String name, String value) {
    return NONE.with(name, value);
  }

  /**
   * These fields and one more at the end.
   *
   * @throws IllegalArgumentException if name or value may not stand on the wire
   */
  public Headers with(String name, String value) {
    List<Field> more = new ArrayList<>(fields.size() + 1);
    more.addAll(fields);
    more.add(new Field(name, value));
    return new Headers(List.copyOf(more));
  }

  /** Every field, in the order of the wire. */
  public List<Field> fields() {
    return fields;
  }

  /** The values of every field of this name, in the order of the wire. */
  public List<String> all(String name) {
    return fields.stream().filter(f -> f.name.equalsIgnoreCase(name)).map(Field::value).toList();
  }

  /** Whether a field of this name is there. */
  public boolean has(String name) {
    for (Field field : fields) {
      if (field.name.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The value of the only field of this name.
   *
   * @throws HttpRefusal 400 if there is more than one
   */
  public Optional<String> only(String name) {
    String found = null;
    for (Field field : fields) {
      if (field.name.equalsIgnoreCase(name)) {
        if (found != null) {
          throw HttpRefusal.malformed("header " + name + " is given twice");
        }
        found = field.value;
      }
    }
    return Optional.ofNullable(found);
  }

  /** Whether a comma-separated list field of this name has this element, without regard to case. */
  boolean lists(String name, String element) {
    for (String value : all(name)) {
      for (String part : value.split(",", -1)) {
        if (part.strip().equalsIgnoreCase(element)) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Headers that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** The names alone: values may be secret. */
  @Override
  public String toString() {
    return fields.stream().map(Field::name).toList().toString();
  }
}
