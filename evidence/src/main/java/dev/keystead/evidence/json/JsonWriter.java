package dev.keystead.evidence.json;

import java.util.Iterator;
import java.util.Locale;
import java.util.Map;

/** Writes JSON: ASCII control characters, DEL, C1 controls and line separators are escaped. */
final class JsonWriter {
  private final StringBuilder out = new StringBuilder();
  private final boolean pretty;

  private JsonWriter(boolean pretty) {
    this.pretty = pretty;
  }

  static String compact(Json value) {
    return new JsonWriter(false).value(value, 0).out.toString();
  }

  static String pretty(Json value) {
    return new JsonWriter(true).value(value, 0).out.append('\n').toString();
  }

  private JsonWriter value(Json value, int indent) {
    switch (value) {
      case Json.Obj object -> object(object, indent);
      case Json.Arr array -> array(array, indent);
      case Json.Str string -> string(string.value());
      case Json.Num number -> out.append(number.text());
      case Json.Bool bool -> out.append(bool.value());
      case Json.Null nothing -> out.append("null");
    }
    return this;
  }

  private void object(Json.Obj object, int indent) {
    out.append('{');
    Iterator<Map.Entry<String, Json>> members = object.members().entrySet().iterator();
    while (members.hasNext()) {
      Map.Entry<String, Json> member = members.next();
      line(indent + 1);
      string(member.getKey());
      out.append(pretty ? ": " : ":");
      value(member.getValue(), indent + 1);
      if (members.hasNext()) {
        out.append(',');
      } else {
        line(indent);
      }
    }
    out.append('}');
  }

  private void array(Json.Arr array, int indent) {
    out.append('[');
    Iterator<Json> items = array.items().iterator();
    while (items.hasNext()) {
      line(indent + 1);
      value(items.next(), indent + 1);
      if (items.hasNext()) {
        out.append(',');
      } else {
        line(indent);
      }
    }
    out.append(']');
  }

  private void line(int indent) {
    if (pretty) {
      out.append('\n').repeat(' ', 2 * indent);
    }
  }

  private void string(String text) {
    out.append('"');
    int done = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append(text, done, i).append('\\').append(c);
        done = i + 1;
      } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        out.append(text, done, i).append(escape(c));
        done = i + 1;
      }
    }
    out.append(text, done, text.length()).append('"');
  }

  private static String escape(char c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format(Locale.ROOT, "\\u%04x", (int) c);
    };
  }
}
