package dev.keystead.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request target in origin form (RFC 9112 section 3.2.1), decoded exactly once. {@code /a/b} has
 * the segments "a" and "b"; {@code /a/b/} has the same segments and a trailing slash; {@code /} has
 * none. No segment is empty, "." or "..", or holds a slash, a backslash or a control character.
 *
 * @param segments the path, decoded
 * @param trailingSlash whether a slash follows the last segment (true for {@code /})
 * @param query the parameters in the order of the wire, decoded; a plus sign stands for a space
 */
public record Target(List<String> segments, boolean trailingSlash, List<Parameter> query) {
  /** The longest target that is parsed, in bytes. */
  public static final int MAX_LENGTH = 8 * 1024;

  /** The most segments, and the most query parameters. */
  public static final int MAX_PARTS = 64;

  /** One parameter of the query; a parameter without an equals sign has an empty value. */
  public record Parameter(String name, String value) {}

  /** Copies the lists. */
  public Target {
    segments = List.copyOf(segments);
    query = List.copyOf(query);
  }

  /**
   * Parses a target as it stands in the request line.
   *
   * @throws HttpRefusal 414 if it is longer than {@link #MAX_LENGTH}, 400 if it is not in origin
   *     form, holds a character that RFC 3986 does not allow, a bad percent-escape, bytes that are
   *     not UTF-8, an encoded slash or backslash, a control character, a dot segment or an empty
   *     segment, or has more than {@link #MAX_PARTS} segments or parameters
   */
  public static Target parse(String raw) {
    if (raw.length() > MAX_LENGTH) {
      throw new HttpRefusal(414, "target is too long");
    }
    if (raw.isEmpty() || raw.charAt(0) != '/') {
      throw HttpRefusal.malformed("target does not start with a slash");
    }
    int mark = raw.indexOf('?');
    String path = mark < 0 ? raw : raw.substring(0, mark);
    List<String> segments = new ArrayList<>();
    if (path.length() > 1) {
      String inner = path.substring(1, path.endsWith("/") ? path.length() - 1 : path.length());
      for (String segment : split(inner, '/')) {
        segments.add(segment(segment));
      }
    }
    return new Target(
        segments, path.endsWith("/"), mark < 0 ? List.of() : query(raw.substring(mark + 1)));
  }

  /**
   * The value of a parameter.
   *
   * @throws HttpRefusal 400 if the parameter is given more than once
   */
  public Optional<String> parameter(String name) {
    List<String> values = parameters(name);
    if (values.size() > 1) {
      throw HttpRefusal.malformed("query parameter " + name + " is given twice");
    }
    return values.stream().findFirst();
  }

  /** Every value of a parameter, in the order of the wire. */
  public List<String> parameters(String name) {
    return query.stream().filter(p -> p.name.equals(name)).map(Parameter::value).toList();
  }

  private static String segment(String raw) {
    String segment = decode(raw, "", false);
    if (segment.isEmpty()) {
      throw HttpRefusal.malformed("path has an empty segment");
    }
    if (segment.equals(".") || segment.equals("..")) {
      throw HttpRefusal.malformed("path has a dot segment");
    }
    if (segment.indexOf('/') >= 0 || segment.indexOf('\\') >= 0) {
      throw HttpRefusal.malformed("path has an encoded slash");
    }
    return segment;
  }

  private static List<Parameter> query(String raw) {
    List<Parameter> query = new ArrayList<>();
    if (raw.isEmpty()) {
      return query;
    }
    for (String part : split(raw, '&')) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      String value = equals < 0 ? "" : part.substring(equals + 1);
      query.add(new Parameter(decode(name, "/?", true), decode(value, "/?", true)));
      if (query.getLast().name.isEmpty()) {
        throw HttpRefusal.malformed("query has a parameter without a name");
      }
    }
    return query;
  }

  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int end = text.indexOf(separator); end >= 0; end = text.indexOf(separator, start)) {
      parts.add(text.substring(start, end));
      start = end + 1;
      if (parts.size() >= MAX_PARTS) {
        throw HttpRefusal.malformed("target has too many parts");
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static String decode(String raw, String alsoAllowed, boolean plusIsSpace) {
    byte[] bytes = new byte[raw.length()];
    int length = 0;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        int high = i + 2 < raw.length() ? Syntax.hex(raw.charAt(i + 1)) : -1;
        int low = i + 2 < raw.length() ? Syntax.hex(raw.charAt(i + 2)) : -1;
        if (high < 0 || low < 0) {
          throw HttpRefusal.malformed("target has a bad percent-escape");
        }
        bytes[length++] = (byte) (high << 4 | low);
        i += 2;
      } else if (Syntax.isPchar(c) || alsoAllowed.indexOf(c) >= 0) {
        bytes[length++] = (byte) (plusIsSpace && c == '+' ? ' ' : c);
      } else {
        throw HttpRefusal.malformed("target has a character that is not allowed");
      }
    }
    return text(ByteBuffer.wrap(bytes, 0, length));
  }

  private static String text(ByteBuffer bytes) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw HttpRefusal.malformed("target is not UTF-8");
    }
    if (text.codePoints().anyMatch(Character::isISOControl)) {
      throw HttpRefusal.malformed("target has a control character");
    }
    return text;
  }
}
