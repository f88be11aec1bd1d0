package dev.keystead.node.payload;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The name of an archive's entry: printable ASCII segments between single slashes, each a plain
 * name. A directory's trailing slash is not part of the segments.
 */
record EntryName(List<String> segments, boolean directory) {
  private static final int MAX_LENGTH = 512;
  private static final int MAX_DEPTH = 16;

  static EntryName parse(byte[] bytes) throws PayloadException {
    String name = new String(bytes, StandardCharsets.ISO_8859_1);
    if (bytes.length == 0 || bytes.length > MAX_LENGTH) {
      throw new PayloadException("an entry name of " + bytes.length + " bytes");
    }
    for (byte b : bytes) {
      if (b < 0x20 || b > 0x7e || b == '\\' || b == ':') {
        throw new PayloadException(
            "an entry name with the byte 0x%02x: plain ASCII names are taken".formatted(b & 0xff));
      }
    }
    if (name.startsWith("/")) {
      throw new PayloadException("an absolute entry name: " + name);
    }
    boolean directory = name.endsWith("/");
    List<String> segments =
        List.of((directory ? name.substring(0, name.length() - 1) : name).split("/", -1));
    if (segments.size() > MAX_DEPTH) {
      throw new PayloadException("an entry " + segments.size() + " directories deep");
    }
    for (String segment : segments) {
      if (segment.isEmpty()
          || segment.equals(".")
          || segment.equals("..")
          || segment.length() > 255) {
        throw new PayloadException(
            "an entry name that leaves its directory or is not plain: " + name);
      }
    }
    return new EntryName(segments, directory);
  }

  /** The directory that it is in; empty for the top. */
  String parent() {
    return String.join("/", segments.subList(0, segments.size() - 1));
  }

  @Override
  public String toString() {
    return String.join("/", segments);
  }
}
