package dev.keystead.tenant;

import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.tenant.TenantException.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files that the owner names. */
final class InputFile {
  private InputFile() {}

  /** All of a file of at most {@code max} bytes; {@code what} is for the message. */
  static byte[] bytes(Path file, int max, String what) {
    try {
      return PrivateFiles.read(file, max);
    } catch (NoSuchFileException e) {
      throw new TenantException(
          Problem.BAD_INPUT, "there is no " + what + " at " + file + ". Is the path right?", e);
    } catch (IOException e) {
      throw new TenantException(
          Problem.BAD_INPUT,
          "the %s %s cannot be read: %s".formatted(what, file, e.getMessage()),
          e);
    }
  }

  /** All of a text file in UTF-8. */
  static String text(Path file, int max, String what) {
    byte[] bytes = bytes(file, max, what);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new TenantException(
          Problem.BAD_INPUT, "the " + what + " " + file + " is not text in UTF-8", e);
    }
  }
}
