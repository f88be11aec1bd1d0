package dev.keystead.tenant.policy;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Files by the kernel's own calls. The JDK's way through a tree costs several times as much, most
 * of it while its code is not compiled yet; and names of files are bytes, which the JDK decodes by
 * the locale. Each call answers as in the manual: a negative number is a failure.
 */
final class LinuxFiles {
  /** Of a name relative to nothing. */
  static final int CURRENT_FOLDER = -100;

  /** O_RDONLY, O_CLOEXEC, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY: a pipe or device cannot block it. */
  static final int READ_FILE = 0x80000 | Arch.NOFOLLOW | 0x800 | 0x100;

  /** O_RDONLY, O_CLOEXEC, O_DIRECTORY; a link as the last part is followed. */
  static final int READ_FOLDER = 0x80000 | Arch.DIRECTORY;

  /** As {@link #READ_FOLDER}, and a link is not followed. */
  static final int READ_SUBFOLDER = READ_FOLDER | Arch.NOFOLLOW;

  /** AT_SYMLINK_NOFOLLOW. */
  private static final int NO_FOLLOW = 0x100;

  /** STATX_TYPE, STATX_MODE, STATX_UID, STATX_SIZE. */
  private static final int WANTED = 0x1 | 0x2 | 0x8 | 0x200;

  private static final int UID = 20;
  private static final int MODE = 28;
  private static final int SIZE = 40;
  private static final int REGULAR = 0100000;
  private static final int FOLDER = 0040000;
  private static final int TYPE = 0170000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle OPENAT =
      function("openat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle READ =
      function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle GETDENTS =
      function("getdents64", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle STATX =
      function(
          "statx", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));

  private LinuxFiles() {}

  /** Two flags of open have other numbers on ARM. */
  private static final class Arch {
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    static final int DIRECTORY = ARM ? 0x4000 : 0x10000;
    static final int NOFOLLOW = ARM ? 0x8000 : 0x20000;
  }

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor);
  }

  /** Opens a name, zero-terminated and relative to an open folder. */
  static int open(int folder, MemorySegment name, int flags) {
    try {
      return (int) OPENAT.invokeExact(folder, name, flags, 0);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Gives a file back; nothing was written, so that its answer tells nothing. */
  static void close(int file) {
    try {
      int _ = (int) CLOSE.invokeExact(file);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Reads into {@code into} from {@code from} on; 0 at the end of the file. */
  static long read(int file, MemorySegment into, long from) {
    try {
      return (long) READ.invokeExact(file, into.asSlice(from), into.byteSize() - from);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** The next entries of a folder, as struct linux_dirent64; 0 at its end. */
  static long entries(int folder, MemorySegment into) {
    try {
      return (long) GETDENTS.invokeExact(folder, into, into.byteSize());
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Asks for type, owner and size of a name, without following a link; 256 bytes of {@code into}.
   */
  static int status(int folder, MemorySegment name, MemorySegment into) {
    try {
      return (int) STATX.invokeExact(folder, name, NO_FOLLOW, WANTED, into);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Whether a status is a regular file's. */
  static boolean isRegular(MemorySegment status) {
    return (status.get(JAVA_SHORT, MODE) & TYPE) == REGULAR;
  }

  /** Whether a status is a folder's. */
  static boolean isFolder(MemorySegment status) {
    return (status.get(JAVA_SHORT, MODE) & TYPE) == FOLDER;
  }

  /** The owner's number. */
  static int owner(MemorySegment status) {
    return status.get(JAVA_INT, UID);
  }

  /** The size of a file in bytes. */
  static long size(MemorySegment status) {
    return status.get(JAVA_LONG, SIZE);
  }

  /** Writes a name of bytes, zero-terminated. */
  static void name(byte[] name, MemorySegment into) {
    MemorySegment.copy(name, 0, into, JAVA_BYTE, 0, name.length);
    into.set(JAVA_BYTE, name.length, (byte) 0);
  }
}
