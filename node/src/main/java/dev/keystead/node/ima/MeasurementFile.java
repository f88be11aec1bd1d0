package dev.keystead.node.ima;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * An ASCII measurement list that grows, the kernel's or a file's. Lines that have been seen are not
 * read again: where every {@value #STEP}th entry begins is remembered, and the last line's text, by
 * which a file that was replaced is noticed. A line counts when its newline is there. A line that
 * does not begin as entries do belongs to the entry before it: names of files may hold newlines.
 *
 * <p>The file stays open: going on where it was, the kernel does not print its whole list again.
 */
public final class MeasurementFile implements AutoCloseable {
  private static final int STEP = 64;
  private static final int MAX_LINE = 1 << 20;
  private static final int MAX_READ = 256 << 20;

  private final Path path;
  private long[] starts = {0};
  private long entries;
  private long end;
  private byte[] lastLine = new byte[0];
  private Optional<FileChannel> opened = Optional.empty();
  private Optional<Object> identity = Optional.empty();

  /**
   * Entries of the list, as they stand in the file.
   *
   * @param first the number of the first one
   * @param count how many there are
   */
  public record Part(long first, long count, byte[] lines) {
    /** The entries as text; what is not UTF-8 is replaced, and then does not fit its hash. */
    public String text() {
      return new String(lines, StandardCharsets.UTF_8);
    }

    /** The first {@code most} of them. */
    public Part limitedTo(long most) {
      if (most >= count) {
        return this;
      }
      int end = 0;
      for (long entry = 0; entry < most; entry++) {
        do {
          end = next(lines, end);
        } while (!beginsEntry(lines, end));
      }
      return new Part(first, most, Arrays.copyOf(lines, end));
    }
  }

  /** Nothing is read yet. */
  public MeasurementFile(Path path) {
    this.path = path;
  }

  /** Whether there is a list. */
  public boolean exists() {
    return Files.isReadable(path);
  }

  /** How many entries it has now. */
  public synchronized long count() throws IOException {
    var _ = follow(open());
    return entries;
  }

  /** All entries from number {@code first} on, or from 0 when there are not so many. */
  public synchronized Part from(long first) throws IOException {
    FileChannel channel = open();
    byte[] news = follow(channel);
    long start = first > entries ? 0 : first;
    if (start == entries) {
      return new Part(start, 0, new byte[0]);
    }
    int step = Math.toIntExact(start / STEP);
    byte[] tail = read(channel, starts[step], end, news);
    int skip = 0;
    for (long entry = (long) step * STEP; entry < start; entry++) {
      do {
        skip = next(tail, skip);
      } while (!beginsEntry(tail, skip));
    }
    return new Part(start, entries - start, Arrays.copyOfRange(tail, skip, tail.length));
  }

  /** Closes the file; it is opened again when it is asked for. */
  @Override
  public synchronized void close() throws IOException {
    if (opened.isPresent()) {
      opened.get().close();
      opened = Optional.empty();
    }
  }

  /** The file that has the name now; another one than before starts over. */
  private FileChannel open() throws IOException {
    Optional<Object> now =
        Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    if (!now.equals(identity)) {
      close();
      forget();
      identity = now;
    }
    if (opened.filter(FileChannel::isOpen).isEmpty()) {
      opened = Optional.of(FileChannel.open(path, StandardOpenOption.READ));
    }
    return opened.get();
  }

  /** Takes in the lines that are new and returns their bytes, which end the known list. */
  private byte[] follow(FileChannel channel) throws IOException {
    // The kernel's list says that it is empty, and never changes what it has said.
    boolean kernels = channel.size() == 0 && path.startsWith("/sys");
    if (!kernels && !holdsLastLine(channel)) {
      forget();
    }
    byte[] news = readOn(channel, end);
    int at = 0;
    for (int newline = next(news, at); newline > 0; newline = next(news, at)) {
      if (newline - at > MAX_LINE) {
        throw new IOException("a measurement of more than " + MAX_LINE + " bytes");
      }
      if (entries == 0 || beginsEntry(news, at)) {
        if (entries % STEP == 0) {
          int index = Math.toIntExact(entries / STEP);
          starts = index < starts.length ? starts : Arrays.copyOf(starts, starts.length * 2);
          starts[index] = end + at;
        }
        entries++;
      }
      lastLine = Arrays.copyOfRange(news, at, newline);
      at = newline;
    }
    end += at;
    return Arrays.copyOf(news, at);
  }

  private boolean holdsLastLine(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(lastLine.length);
    while (buffer.hasRemaining()
        && channel.read(buffer, end - lastLine.length + buffer.position()) >= 0) {}
    return Arrays.equals(buffer.array(), lastLine);
  }

  private void forget() {
    starts = new long[] {0};
    entries = 0;
    end = 0;
    lastLine = new byte[0];
  }

  /** Whether there is a PCR and a template hash, or the end of the text. */
  private static boolean beginsEntry(byte[] text, int at) {
    int i = at < text.length && text[at] == ' ' ? at + 1 : at;
    int pcr = i;
    while (i < text.length && i - pcr < 3 && text[i] >= '0' && text[i] <= '9') {
      i++;
    }
    int hash = i + 1;
    if (i == pcr || i >= text.length || text[i] != ' ') {
      return at == text.length;
    }
    i = hash;
    while (i < text.length && HexFormat.isHexDigit(text[i])) {
      i++;
    }
    return i - hash >= 40 && i < text.length && text[i] == ' ';
  }

  /** The index behind the next newline, 0 when there is none. */
  private static int next(byte[] text, int from) {
    for (int i = from; i < text.length; i++) {
      if (text[i] == '\n') {
        return i + 1;
      }
    }
    return 0;
  }

  /** The bytes from {@code from} to {@code to}, of which the last are {@code known} already. */
  private static byte[] read(FileChannel channel, long from, long to, byte[] known)
      throws IOException {
    long knownFrom = to - known.length;
    if (knownFrom <= from) {
      return Arrays.copyOfRange(known, (int) (from - knownFrom), known.length);
    }
    ByteBuffer buffer = ByteBuffer.allocate(size(to - from));
    while (buffer.position() < knownFrom - from) {
      buffer.limit((int) (knownFrom - from));
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw new IOException("the measurement list shrank while it was read");
      }
    }
    return buffer.limit(buffer.capacity()).put(known).array();
  }

  /** Everything from {@code from} to the end; the kernel's list does not tell its size. */
  private static byte[] readOn(FileChannel channel, long from) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    while (channel.read(buffer, from + buffer.position()) >= 0) {
      if (!buffer.hasRemaining()) {
        buffer = ByteBuffer.allocate(size(2L * buffer.capacity())).put(buffer.flip());
      }
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private static int size(long bytes) throws IOException {
    if (bytes > MAX_READ) {
      throw new IOException("a measurement list of more than " + MAX_READ + " bytes");
    }
    return (int) bytes;
  }
}
