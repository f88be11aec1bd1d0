package dev.keystead.node.ima;

import dev.keystead.tpm.structure.HashAlg;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Lines of an ima-ng list that fit their template hashes. */
public final class Measurements {
  private Measurements() {}

  /** The line, with its newline, of a file with this name and content. */
  public static String line(String name, String content) {
    byte[] digest = HashAlg.SHA256.hash(content.getBytes(StandardCharsets.UTF_8));
    byte[] label = "sha256:\0".getBytes(StandardCharsets.US_ASCII);
    byte[] file = (name + "\0").getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(length(label.length + digest.length));
    data.writeBytes(label);
    data.writeBytes(digest);
    data.writeBytes(length(file.length));
    data.writeBytes(file);
    HexFormat hex = HexFormat.of();
    return "10 %s ima-ng sha256:%s %s\n"
        .formatted(
            hex.formatHex(HashAlg.SHA1.hash(data.toByteArray())), hex.formatHex(digest), name);
  }

  /** The line of a violation. */
  public static String violation(String name) {
    return "10 %s ima-ng sha256:%s %s\n".formatted("0".repeat(40), "0".repeat(64), name);
  }

  /** {@code count} lines from number {@code first} on. */
  public static String lines(int first, int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = first; i < first + count; i++) {
      lines.append(line("/usr/bin/program" + i, "content " + i));
    }
    return lines.toString();
  }

  private static byte[] length(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}
