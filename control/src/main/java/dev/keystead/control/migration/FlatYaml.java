package dev.keystead.control.migration;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of YAML that Keylime's private.yml is written in: one mapping of names to texts in one
 * line, to lists of them, and to {@code !!binary} blocks. Everything else is refused.
 */
final class FlatYaml {
  private static final int MAX_LENGTH = 16 << 20;
  private static final String BINARY = "!!binary |";

  private FlatYaml() {}

  /**
   * Reads a mapping; blocks are decoded, lists are left out.
   *
   * @throws MigrationException with the line that cannot be read
   */
  static Map<String, byte[]> parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new MigrationException("private.yml is longer than " + MAX_LENGTH + " characters");
    }
    Map<String, byte[]> entries = new LinkedHashMap<>();
    List<String> lines = text.lines().toList();
    int at = 0;
    while (at < lines.size()) {
      String line = lines.get(at++);
      int colon = line.indexOf(':');
      if (line.isBlank() || line.startsWith("- ")) {
        continue;
      }
      if (colon <= 0 || Character.isWhitespace(line.charAt(0))) {
        throw wrong(at);
      }
      String name = scalar(line.substring(0, colon), at);
      String value = line.substring(colon + 1).strip();
      if (value.equals(BINARY)) {
        List<String> block = new ArrayList<>();
        while (at < lines.size() && lines.get(at).startsWith("  ")) {
          block.add(lines.get(at++).strip());
        }
        put(entries, name, decoded(String.join("", block), at), at);
      } else if (!value.isEmpty() && !value.equals("[]")) {
        put(entries, name, scalar(value, at).getBytes(java.nio.charset.StandardCharsets.UTF_8), at);
      }
    }
    return entries;
  }

  private static void put(Map<String, byte[]> entries, String name, byte[] value, int line) {
    if (entries.putIfAbsent(name, value) != null) {
      throw wrong(line);
    }
  }

  private static byte[] decoded(String base64, int line) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw wrong(line);
    }
  }

  private static String scalar(String value, int line) {
    char first = value.charAt(0);
    if (first == '\'' || first == '"') {
      String inner = value.substring(1, Math.max(1, value.length() - 1));
      if (value.length() < 2
          || value.charAt(value.length() - 1) != first
          || inner.indexOf(first) >= 0
          || inner.indexOf('\\') >= 0) {
        throw wrong(line);
      }
      return inner;
    }
    if ("!&*|>{[%@`#?".indexOf(first) >= 0) {
      throw wrong(line);
    }
    return value;
  }

  private static MigrationException wrong(int line) {
    return new MigrationException("private.yml cannot be read in line " + line);
  }
}
