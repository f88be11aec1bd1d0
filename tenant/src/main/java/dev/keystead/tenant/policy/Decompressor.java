package dev.keystead.tenant.policy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Tells by their first bytes how data is compressed, and decompresses it. */
enum Decompressor {
  /** RFC 1952; the JDK does it itself. */
  GZIP("1f8b", ""),
  /** The xz format. */
  XZ("fd377a585a00", "xz -dc"),
  /** RFC 8878. */
  ZSTD("28b52ffd", "zstd -dcq"),
  /** LZ4's frame format. */
  LZ4("04224d18", "lz4 -dcq"),
  /** LZ4's older format, as the Linux kernel knows it. */
  LZ4_LEGACY("02214c18", "lz4 -dcq"),
  /** The bzip2 format. */
  BZIP2("425a68", "bzip2 -dc"),
  /** The lzop format. */
  LZO("894c5a4f000d", "lzop -dcq");

  /** How many bytes tell. */
  static final int MAGIC = 6;

  private static final int BUFFER = 64 << 10;

  private final String magic;
  private final String tool;

  Decompressor(String magic, String tool) {
    this.magic = magic;
    this.tool = tool;
  }

  /** The format of data that begins with these bytes. */
  static Optional<Decompressor> of(byte[] first) {
    String hex = HexFormat.of().formatHex(first);
    return Arrays.stream(values()).filter(format -> hex.startsWith(format.magic)).findFirst();
  }

  /** The data itself, or decompressed when it is compressed in a way that is known. */
  static InputStream ofAny(InputStream in) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
    Optional<Decompressor> format = of(peek(buffered));
    return format.isPresent() ? format.get().open(buffered) : buffered;
  }

  /** The first bytes of a stream that can be marked; they stay there. */
  static byte[] peek(InputStream in) throws IOException {
    in.mark(MAGIC);
    byte[] first = in.readNBytes(MAGIC);
    in.reset();
    return first;
  }

  /** Decompresses all of a stream. Tools of the system do what the JDK cannot. */
  InputStream open(InputStream in) throws IOException {
    return new BufferedInputStream(
        tool.isEmpty()
            ? new GZIPInputStream(in, BUFFER)
            : new ToolStream(List.of(tool.split(" ", -1)), in),
        BUFFER);
  }

  /** What a tool makes of its input; the end is only one when the tool says so, too. */
  private static final class ToolStream extends InputStream {
    private static final int LONGEST_COMPLAINT = 400;
    private final String name;
    private final Process process;
    private final Thread feeder;
    private final InputStream out;

    ToolStream(List<String> command, InputStream in) throws IOException {
      name = command.getFirst();
      try {
        process = new ProcessBuilder(command).start();
      } catch (IOException e) {
        throw new IOException("it needs the tool %s, which is not installed".formatted(name), e);
      }
      out = process.getInputStream();
      feeder =
          Thread.ofVirtual()
              .start(() -> {
                try (var stdin = process.getOutputStream()) {
                  in.transferTo(stdin);
                } catch (IOException e) {
                  // The tool ended early, and its exit code says why.
                  return;
                }
              });
    }

    @Override
    public int read() throws IOException {
      int read = out.read();
      if (read < 0) {
        end();
      }
      return read;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int read = out.read(bytes, from, length);
      if (read < 0) {
        end();
      }
      return read;
    }

    private void end() throws IOException {
      try {
        byte[] complaint = process.getErrorStream().readNBytes(LONGEST_COMPLAINT);
        if (process.waitFor() != 0) {
          throw new IOException(
              "%s cannot decompress it: %s"
                  .formatted(name, new String(complaint, StandardCharsets.UTF_8).strip()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }

    @Override
    public void close() {
      process.destroy();
      feeder.interrupt();
    }
  }
}
