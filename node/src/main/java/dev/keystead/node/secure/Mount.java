package dev.keystead.node.secure;

import dev.keystead.http.tls.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of /proc/self/mountinfo (proc(5)), which the kernel writes and nobody can forge. The
 * text that mount(8) prints is not used: whoever mounts chooses part of it.
 *
 * @param major major number of the file system's device
 * @param minor minor number of the file system's device
 * @param root the directory of the file system that is mounted
 * @param mountPoint where, as bytes in ISO 8859-1
 * @param fileSystem the file system's type
 */
record Mount(int major, int minor, String root, String mountPoint, String fileSystem) {
  private static final Path MOUNT_INFO = Path.of("/proc/self/mountinfo");
  private static final int LIMIT = 16 << 20;

  /** All mounts of this process's namespace, later ones above earlier ones. */
  static List<Mount> all() throws IOException {
    return parse(new String(PrivateFiles.read(MOUNT_INFO, LIMIT), StandardCharsets.ISO_8859_1));
  }

  static List<Mount> parse(String table) throws IOException {
    List<Mount> mounts = new ArrayList<>();
    for (String line : table.lines().toList()) {
      mounts.add(parseLine(line));
    }
    return mounts;
  }

  private static Mount parseLine(String line) throws IOException {
    List<String> fields = List.of(line.split(" ", -1));
    int separator = fields.indexOf("-");
    if (separator < 6 || fields.size() != separator + 4) {
      throw new IOException("a line of mountinfo that cannot be read");
    }
    String[] device = fields.get(2).split(":", -1);
    if (device.length != 2) {
      throw new IOException("a device in mountinfo that cannot be read");
    }
    try {
      return new Mount(
          Integer.parseInt(device[0]),
          Integer.parseInt(device[1]),
          unescape(fields.get(3)),
          unescape(fields.get(4)),
          fields.get(separator + 1));
    } catch (NumberFormatException e) {
      throw new IOException("a device in mountinfo that cannot be read", e);
    }
  }

  /** The kernel writes space, tab, newline and backslash as three octal digits. */
  private static String unescape(String field) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\') {
        if (i + 4 > field.length() || !field.substring(i + 1, i + 4).matches("[0-3][0-7]{2}")) {
          throw new IOException("a path in mountinfo that cannot be read");
        }
        c = (char) Integer.parseInt(field, i + 1, i + 4, 8);
        i += 3;
      }
      text.append(c);
    }
    return text.toString();
  }

  boolean isTmpfs() {
    return fileSystem.equals("tmpfs");
  }

  /** Whether {@code path} itself lies on this file system, by the device number of its inode. */
  boolean holds(Path path) throws IOException {
    long device = (Long) Files.getAttribute(path, "unix:dev", LinkOption.NOFOLLOW_LINKS);
    long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL);
    long minor = (device & 0xff) | ((device >>> 12) & ~0xffL & 0xffffffffL);
    return major == this.major && minor == this.minor;
  }

  /** Whether this is mounted exactly at {@code path}. */
  boolean isAt(Path path) {
    byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
    return mountPoint.equals(new String(name, StandardCharsets.ISO_8859_1));
  }
}
