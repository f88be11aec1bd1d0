package dev.keystead.tenant.policy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

/** Names of archive entries, one character for a byte, as IMA will write them. */
final class ArchivePath {
  private ArchivePath() {}

  /**
   * The absolute name of an entry.
   *
   * @throws IOException when it leads out of its tree or is not UTF-8
   */
  static String measured(String path) throws IOException {
    StringJoiner name = new StringJoiner("/", "/", "");
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        throw new IOException("a name leads out of the archive: " + path);
      }
      if (!part.isEmpty() && !part.equals(".")) {
        name.add(part);
      }
    }
    byte[] bytes = name.toString().getBytes(StandardCharsets.ISO_8859_1);
    try {
      return Harvest.asMeasured(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new IOException("a name is not UTF-8: " + path, e);
    }
  }
}
