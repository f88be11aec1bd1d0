package dev.keystead.http.tls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * PEM text (RFC 7468), read strictly: blocks with matching labels, base64 lines of at most 76
 * characters, and nothing but blank lines between the blocks.
 */
public final class Pem {
  /** The longest text that is read, in characters. */
  public static final int MAX_TEXT = 256 * 1024;

  /** The most blocks in one text. */
  public static final int MAX_BLOCKS = 128;

  private static final int MAX_LINE = 76;
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  /** One block: its label, such as CERTIFICATE, and the DER inside. */
  public record Block(String label, byte[] der) {
    /** The label alone: the content may be a private key. */
    @Override
    public String toString() {
      return label;
    }
  }

  private Pem() {}

  /**
   * Every block of a text, at least one.
   *
   * @throws CredentialException if the text is anything else, or too long
   */
  public static List<Block> parse(String text) {
    if (text.length() > MAX_TEXT) {
      throw new CredentialException("PEM text is too long");
    }
    List<Block> blocks = new ArrayList<>();
    String[] lines = text.split("\r?\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].isBlank()) {
        continue;
      }
      if (blocks.size() == MAX_BLOCKS) {
        throw new CredentialException("PEM text has too many blocks");
      }
      String label = label(lines[i].stripTrailing());
      int start = ++i;
      while (i < lines.length && !lines[i].startsWith(END)) {
        i++;
      }
      if (i == lines.length || !lines[i].stripTrailing().equals(END + label + DASHES)) {
        throw new CredentialException("PEM block " + label + " has no end");
      }
      blocks.add(new Block(label, content(label, Arrays.asList(lines).subList(start, i))));
    }
    if (blocks.isEmpty()) {
      throw new CredentialException("PEM text has no block");
    }
    return blocks;
  }

  /** One block as text, lines of 64 characters, with a line end after the last. */
  public static String encode(String label, byte[] der) {
    Base64.Encoder base64 = Base64.getMimeEncoder(64, new byte[] {'\n'});
    String content = new String(base64.encode(der), StandardCharsets.US_ASCII);
    return BEGIN + label + DASHES + "\n" + content + "\n" + END + label + DASHES + "\n";
  }

  private static String label(String line) {
    boolean framed =
        line.startsWith(BEGIN)
            && line.endsWith(DASHES)
            && line.length() > BEGIN.length() + DASHES.length();
    if (!framed) {
      throw new CredentialException("PEM text has something outside its blocks");
    }
    String label = line.substring(BEGIN.length(), line.length() - DASHES.length());
    if (!label
        .chars()
        .allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ')) {
      throw new CredentialException("PEM label has a character that is not allowed");
    }
    return label;
  }

  private static byte[] content(String label, List<String> lines) {
    StringBuilder base64 = new StringBuilder();
    for (String line : lines) {
      String stripped = line.stripTrailing();
      if (stripped.length() > MAX_LINE) {
        throw new CredentialException("PEM block " + label + " has a line that is too long");
      }
      base64.append(stripped);
    }
    byte[] der;
    try {
      der = Base64.getDecoder().decode(base64.toString());
    } catch (IllegalArgumentException e) {
      throw new CredentialException("PEM block " + label + " is not base64");
    }
    // Java's decoder lets padding be left out and unused bits be set.
    if (der.length == 0 || !Base64.getEncoder().encodeToString(der).contentEquals(base64)) {
      throw new CredentialException("PEM block " + label + " is empty or not strict base64");
    }
    return der;
  }
}
