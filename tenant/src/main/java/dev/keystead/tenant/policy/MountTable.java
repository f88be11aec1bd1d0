package dev.keystead.tenant.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The file systems that are mounted, as the kernel lists them (proc(5), mountinfo). */
record MountTable(List<Mount> mounts) {
  private static final int LARGEST = 16 << 20;

  /** One of them. */
  record Mount(Path point, String type) {}

  static MountTable read(Path mountinfo) throws IOException {
    try (InputStream in = Files.newInputStream(mountinfo)) {
      byte[] bytes = in.readNBytes(LARGEST);
      if (bytes.length == LARGEST) {
        throw new IOException(mountinfo + " is longer than %,d bytes".formatted(LARGEST));
      }
      return parse(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  static MountTable parse(String mountinfo) throws IOException {
    List<Mount> mounts = new ArrayList<>();
    for (String line : mountinfo.lines().toList()) {
      String[] halves = line.split(" - ", 2);
      String[] first = halves[0].split(" ", -1);
      if (halves.length < 2 || first.length < 6) {
        throw new IOException("a line of the mount table cannot be read: " + line);
      }
      mounts.add(new Mount(Path.of(unescape(first[4])), halves[1].split(" ", 2)[0]));
    }
    return new MountTable(mounts);
  }

  /** Space, tab, line feed and backslash are written as three octal digits. */
  private static String unescape(String text) {
    return text.replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }

  /** The mount points below a folder whose file system is of another type than the folder's. */
  Set<Path> foreignBelow(Path folder) {
    String own = typeOf(folder);
    return mounts.stream()
        .filter(mount -> mount.point().startsWith(folder) && !mount.point().equals(folder))
        .filter(mount -> !mount.type().equals(own))
        .map(Mount::point)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The last of the deepest that hold the folder: it covers the others. */
  private String typeOf(Path folder) {
    String type = "";
    int depth = -1;
    for (Mount mount : mounts) {
      if (folder.startsWith(mount.point()) && mount.point().getNameCount() >= depth) {
        type = mount.type();
        depth = mount.point().getNameCount();
      }
    }
    return type;
  }
}
