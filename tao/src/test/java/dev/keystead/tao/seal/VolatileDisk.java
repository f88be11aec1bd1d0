package dev.keystead.tao.seal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A disk with a cache: what was not synced survives a power cut whole, in part, or not at all. Each
 * operation is a step that the power can be cut before.
 */
final class VolatileDisk implements Disk {
  /** What a power cut leaves of what was not synced. */
  enum Loss {
    /** The disk had written everything already. */
    NOTHING,
    /** New names are there, and half of the new contents. */
    HALF_OF_CONTENTS,
    /** All that was not synced is gone. */
    EVERYTHING
  }

  private static final class File {
    private final byte[] bytes;
    private boolean synced;

    private File(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  private final Runnable step;
  private final Map<String, File> names = new HashMap<>();
  private final Map<String, File> syncedNames = new HashMap<>();

  VolatileDisk(Runnable step) {
    this.step = step;
  }

  /** A disk with these files on it. */
  VolatileDisk(Runnable step, Map<String, byte[]> files) {
    this(step);
    files.forEach((name, bytes) -> {
      File file = new File(bytes);
      file.synced = true;
      names.put(name, file);
      syncedNames.put(name, file);
    });
  }

  /** What is on the disk when the power is back. */
  Map<String, byte[]> afterCut(Loss loss) {
    Map<String, byte[]> left = new HashMap<>();
    (loss == Loss.EVERYTHING ? syncedNames : names)
        .forEach((name, file) -> {
          int size = file.synced || loss == Loss.NOTHING ? file.bytes.length : 0;
          if (!file.synced && loss == Loss.HALF_OF_CONTENTS) {
            size = file.bytes.length / 2;
          }
          left.put(name, Arrays.copyOf(file.bytes, size));
        });
    return left;
  }

  @Override
  public Optional<byte[]> read(String name, int limit) {
    return Optional.ofNullable(names.get(name)).map(f -> f.bytes.clone());
  }

  @Override
  public void write(String name, byte[] bytes) {
    step.run();
    names.put(name, new File(bytes.clone()));
  }

  @Override
  public void sync(String name) {
    step.run();
    file(name).synced = true;
  }

  @Override
  public void rename(String from, String to) {
    step.run();
    names.put(to, file(from));
    names.remove(from);
  }

  @Override
  public void syncDirectory() {
    step.run();
    syncedNames.clear();
    syncedNames.putAll(names);
  }

  private File file(String name) {
    File file = names.get(name);
    if (file == null) {
      throw new AssertionError("there is no " + name);
    }
    return file;
  }

  @Override
  public void close() {}
}
