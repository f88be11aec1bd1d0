package dev.keystead.tao.seal;

import java.io.IOException;
import java.util.Optional;

/** Files of one directory, with each step that a power cut can come before or after. */
interface Disk extends AutoCloseable {
  /** The file's bytes, if there is such a file of at most {@code limit} bytes. */
  Optional<byte[]> read(String name, int limit) throws IOException;

  /** Makes the file, or replaces its contents; a power cut may leave any part of it. */
  void write(String name, byte[] bytes) throws IOException;

  /** The file's contents survive a power cut from here on. */
  void sync(String name) throws IOException;

  /** Gives the file another name, at once and instead of what had that name. */
  void rename(String from, String to) throws IOException;

  /** New files and names survive a power cut from here on. */
  void syncDirectory() throws IOException;

  @Override
  void close() throws IOException;
}
