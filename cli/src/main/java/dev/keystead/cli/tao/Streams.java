package dev.keystead.cli.tao;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.InputFile;
import dev.keystead.http.tls.PrivateFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Bytes in and out: files, or the standard streams, as a script wants them. */
final class Streams {
  private Streams() {}

  /** The option {@code --in}. */
  static final class In {
    @Option(
        names = "--in",
        paramLabel = "FILE",
        description = "Read this file (default: standard input).")
    private @Nullable Path file;

    /** All of it, at most {@code limit} bytes. */
    byte[] read(int limit, String what) {
      if (file != null) {
        return InputFile.read(file, limit, what);
      }
      try {
        byte[] bytes = System.in.readNBytes(limit + 1);
        if (bytes.length > limit) {
          throw CommandException.unreadable("%s has more than %,d bytes".formatted(what, limit));
        }
        return bytes;
      } catch (IOException e) {
        throw CommandException.unreadable("%s cannot be read: %s".formatted(what, e.getMessage()));
      }
    }
  }

  /** The option {@code --out}. */
  static final class Out {
    @Option(
        names = "--out",
        paramLabel = "FILE",
        description = "Write this file, mode 0600, whole or not at all (default: standard output).")
    private @Nullable Path file;

    /** Writes all of it. */
    void write(byte[] bytes) {
      try {
        if (file != null) {
          PrivateFiles.write(file, bytes);
        } else {
          OutputStream out = System.out;
          out.write(bytes);
          out.flush();
        }
      } catch (IOException e) {
        throw CommandException.failed("the result cannot be written: " + e.getMessage());
      }
    }
  }
}
