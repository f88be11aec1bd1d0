package dev.keystead.http.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;

/**
 * Files and folders that only their owner may read: files 0600, folders 0700, whatever the umask,
 * with these rights from the first moment.
 */
public final class PrivateFiles {
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final Random NAMES = new SecureRandom();

  private PrivateFiles() {}

  /**
   * Makes sure that a folder is there and private; missing parents are made likewise.
   *
   * @throws IOException if it cannot be made, or is something else than a folder
   */
  public static void folder(Path folder) throws IOException {
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      folder(parent);
    }
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(FOLDER));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
      Files.setPosixFilePermissions(folder, FOLDER);
    }
  }

  /**
   * Writes a file whole and durably: a reader sees the old content or the new, also after a crash.
   * What was there before is replaced.
   */
  public static void write(Path file, byte[] content) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    byte[] suffix = new byte[8];
    NAMES.nextBytes(suffix);
    Path fresh =
        file.resolveSibling("." + file.getFileName() + "." + HexFormat.of().formatHex(suffix));
    try {
      try (FileChannel out =
          FileChannel.open(
              fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE)) {
        // The umask may have taken rights away from the owner.
        Files.setPosixFilePermissions(fresh, FILE.value());
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
    if (folder != null) {
      try (FileChannel entry = FileChannel.open(folder, StandardOpenOption.READ)) {
        entry.force(true);
      }
    }
  }

  /** Writes text as UTF-8, as {@link #write(Path, byte[])} does. */
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads a file of a bounded size.
   *
   * @throws IOException if it is larger, or cannot be read
   */
  public static byte[] read(Path file, int maxBytes) throws IOException {
    try (var in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(maxBytes);
      if (in.read() >= 0) {
        throw new IOException(file + " is larger than " + maxBytes + " bytes");
      }
      return content;
    }
  }

  /** Reads a PEM file as text, at most {@link Pem#MAX_TEXT} bytes of ASCII. */
  static String readPem(Path file) throws IOException {
    try {
      return StandardCharsets.US_ASCII
          .newDecoder()
          .decode(ByteBuffer.wrap(read(file, Pem.MAX_TEXT)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new CredentialException(file.getFileName() + " is not PEM text");
    }
  }
}
