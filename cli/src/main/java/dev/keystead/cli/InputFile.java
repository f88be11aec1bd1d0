package dev.keystead.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files that somebody named: whole, and never more than a limit. */
public final class InputFile {
  /** For keys, certificates, quotes, signatures and nonces. */
  public static final int SMALL = 64 << 10;

  /** For a boot log; real ones have some ten thousand bytes. */
  public static final int BOOT_LOG = 16 << 20;

  /** For an IMA list; a million entries have about this size. */
  public static final int IMA_LIST = 256 << 20;

  /** For policies and reference values. */
  public static final int POLICY = 64 << 20;

  private InputFile() {}

  /**
   * The file's bytes. Files of the kernel's that report no size are read as well.
   *
   * @param what names the kind of file in the error: {@code "the boot log"}
   * @throws CommandException unreadable, when it is absent, no file, or larger than {@code limit}
   */
  public static byte[] read(Path file, int limit, String what) {
    try {
      if (Files.isDirectory(file)) {
        throw CommandException.unreadable("%s %s is a directory, not a file".formatted(what, file));
      }
      if (Files.size(file) > limit) {
        throw tooLarge(file, limit, what);
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(limit);
        if (bytes.length == limit && in.read() >= 0) {
          throw tooLarge(file, limit, what);
        }
        return bytes;
      }
    } catch (NoSuchFileException e) {
      throw CommandException.unreadable("%s %s does not exist".formatted(what, file));
    } catch (IOException e) {
      throw CommandException.unreadable(
          "%s %s cannot be read: %s".formatted(what, file, e.getMessage()));
    }
  }

  private static CommandException tooLarge(Path file, int limit, String what) {
    return CommandException.unreadable(
        "%s %s is larger than %,d bytes, the most that is read".formatted(what, file, limit));
  }
}
