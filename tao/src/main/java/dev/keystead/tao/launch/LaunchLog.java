package dev.keystead.tao.launch;

import dev.keystead.claims.Sha256;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The log of all programs that were started since the machine was reset: a line for each
 * (docs/launching.md). A line is on the disk first, then in the register, and only then the program
 * runs. So the log may be one line ahead of the register, never behind; a line that a crash has
 * left so is extended when the log is opened again.
 */
public final class LaunchLog implements LaunchRecord, AutoCloseable {
  /** The largest log; then nothing is started any more until a reset. */
  static final long MAX_SIZE = 4L << 20;

  private static final int LONGEST_LABEL = 128;

  private final FileChannel file;
  private final LaunchRegister register;
  private final InstantSource clock;
  private boolean failed;

  private LaunchLog(FileChannel file, LaunchRegister register, InstantSource clock) {
    this.file = file;
    this.register = register;
    this.clock = clock;
  }

  /**
   * Opens a log, or begins it: when the register is zero nothing has run since the machine's reset,
   * and what was written before goes to a file beside it, {@code NAME.before}.
   *
   * @throws TaoException UNAVAILABLE when log and register do not belong together: somebody else
   *     has extended the register, or the log was changed
   */
  public static LaunchLog open(Path path, LaunchRegister register, InstantSource clock)
      throws TaoException {
    try {
      if (isZero(register.sha256()) && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(
            path,
            path.resolveSibling(path.getFileName() + ".before"),
            StandardCopyOption.REPLACE_EXISTING);
      }
      FileChannel file =
          FileChannel.open(
              path,
              Set.of(
                  StandardOpenOption.CREATE,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  LinkOption.NOFOLLOW_LINKS),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        LaunchLog log = new LaunchLog(file, register, clock);
        log.catchUp();
        return log;
      } catch (IOException | TaoException | RuntimeException | Error e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw new TaoException(Reason.UNAVAILABLE, "the launch log cannot be opened", e);
    }
  }

  private static boolean isZero(byte[] value) {
    return MessageDigest.isEqual(value, new byte[Sha256.SIZE]);
  }

  private void catchUp() throws IOException, TaoException {
    List<byte[]> lines = lines();
    byte[] now = register.sha256();
    byte[] before = new byte[Sha256.SIZE];
    byte[] replayed = before;
    for (byte[] line : lines) {
      before = replayed;
      replayed = Sha256.of(replayed, Sha256.of(line));
    }
    if (MessageDigest.isEqual(now, replayed)) {
      return;
    }
    if (lines.isEmpty() || !MessageDigest.isEqual(now, before)) {
      throw new TaoException(
          Reason.UNAVAILABLE, "the launch log does not lead to the register's value");
    }
    register.extend(lines.getLast());
  }

  /** A last line without an end was never extended: it is cut off. */
  private List<byte[]> lines() throws IOException, TaoException {
    if (file.size() > MAX_SIZE) {
      throw new TaoException(Reason.UNAVAILABLE, "the launch log is too large");
    }
    ByteBuffer all = ByteBuffer.allocate((int) file.size());
    while (all.hasRemaining() && file.read(all, all.position()) >= 0) {}
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    for (int end = 0; end < all.position(); end++) {
      if (all.get(end) == '\n') {
        byte[] line = new byte[end - start];
        all.get(start, line);
        lines.add(line);
        start = end + 1;
      }
    }
    file.truncate(start);
    file.position(start);
    return lines;
  }

  @Override
  public synchronized void launching(Measurement program, ProgramSpec spec) throws TaoException {
    if (failed) {
      throw new TaoException(Reason.UNAVAILABLE, "the launch log has failed before");
    }
    String line = line(clock.instant(), program, spec);
    try {
      if (file.position() + line.length() + 1 > MAX_SIZE) {
        throw new TaoException(Reason.UNAVAILABLE, "the launch log is full");
      }
      failed = true; // Until it is known that log and register agree again.
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(false);
      register.extend(line.getBytes(StandardCharsets.US_ASCII));
      failed = false;
    } catch (IOException e) {
      throw new TaoException(Reason.UNAVAILABLE, "the launch log cannot be written", e);
    }
  }

  private static String line(Instant time, Measurement program, ProgramSpec spec) {
    return "launch1 %s %s %d %s %s"
        .formatted(
            time.truncatedTo(ChronoUnit.SECONDS),
            program.hex(),
            spec.identity().uid(),
            spec.confinement().name().toLowerCase(Locale.ROOT),
            label(spec.program()));
  }

  /** The program's file or class, with what is not printable ASCII as %XX. */
  private static String label(ProgramSpec.Program program) {
    String name =
        switch (program) {
          case ProgramSpec.Executable(Path file) -> String.valueOf(file.getFileName());
          case ProgramSpec.Script(Path _, Path script) -> String.valueOf(script.getFileName());
          case ProgramSpec.Java java -> java.mainClass();
        };
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    StringBuilder label = new StringBuilder();
    for (int i = 0; i < bytes.length && i < LONGEST_LABEL; i++) {
      if (bytes[i] > ' ' && bytes[i] < 0x7f && bytes[i] != '%') {
        label.append((char) bytes[i]);
      } else {
        label.append("%%%02x".formatted(bytes[i]));
      }
    }
    return label.toString();
  }

  @Override
  public synchronized void close() throws IOException {
    failed = true;
    file.close();
  }
}
