package dev.keystead.keylime;

import java.nio.charset.StandardCharsets;

/**
 * The name that an agent registers under: 1 to 80 ASCII letters, digits, dots, underscores and
 * hyphens, of which the first is a letter or digit. It is therefore never a path, markup or a line
 * of a log. Check it after percent-decoding once.
 */
public record AgentId(String value) implements Comparable<AgentId> {
  /** Most characters. */
  public static final int MAX_LENGTH = 80;

  /** Checks the alphabet and the length; throws {@link WireException}. */
  public AgentId {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw WireException.malformed(
          "agent id", "has " + value.length() + " characters, 1 to 80 can be");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!alphanumeric(c) && (i == 0 || (c != '.' && c != '_' && c != '-'))) {
        throw WireException.malformed(
            "agent id",
            "has a character that cannot be at position " + i + " (letters, digits, then . _ -)");
      }
    }
  }

  /** Checks and takes the text. */
  public static AgentId of(String value) {
    return new AgentId(value);
  }

  /** The text in ASCII: the message of every auth_tag. */
  public byte[] bytes() {
    return value.getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean alphanumeric(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  @Override
  public int compareTo(AgentId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
