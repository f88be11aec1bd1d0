package dev.keystead.tenant.policy;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.keystead.tpm.structure.HashAlg;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hashes with the system's libcrypto 3 (EVP_DigestInit(3)). */
final class OpensslDigest implements ContentDigest {
  private static final String LIBRARY = "libcrypto.so.3";

  /** The functions, bound once; none when the system has no libcrypto 3. */
  private record Library(
      MethodHandle fetch,
      MethodHandle context,
      MethodHandle start,
      MethodHandle update,
      MethodHandle finish,
      MethodHandle whole) {
    static final @Nullable Library FOUND = bind();

    private static @Nullable Library bind() {
      SymbolLookup library;
      try {
        library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
      } catch (IllegalArgumentException e) {
        return null;
      }
      Linker linker = Linker.nativeLinker();
      FunctionDescriptor three = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
      return new Library(
          linker.downcallHandle(
              library.findOrThrow("EVP_MD_fetch"),
              FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS)),
          linker.downcallHandle(
              library.findOrThrow("EVP_MD_CTX_new"), FunctionDescriptor.of(ADDRESS)),
          linker.downcallHandle(library.findOrThrow("EVP_DigestInit_ex"), three),
          linker.downcallHandle(
              library.findOrThrow("EVP_DigestUpdate"),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG)),
          linker.downcallHandle(library.findOrThrow("EVP_DigestFinal_ex"), three),
          linker.downcallHandle(
              library.findOrThrow("EVP_Digest"),
              FunctionDescriptor.of(
                  JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS)));
    }
  }

  private final Library library;
  private final MemorySegment algorithm;
  private final MemorySegment context;
  private final MemorySegment result;
  private boolean started;

  private OpensslDigest(
      Library library, MemorySegment algorithm, MemorySegment context, MemorySegment result) {
    this.library = library;
    this.algorithm = algorithm;
    this.context = context;
    this.result = result;
  }

  /**
   * A digest, if libcrypto knows the algorithm. Its context is small and lives as long as the
   * process.
   */
  static Optional<OpensslDigest> find(HashAlg alg, Arena arena) {
    Library library = Library.FOUND;
    if (library == null) {
      return Optional.empty();
    }
    try {
      MemorySegment none = MemorySegment.NULL;
      MemorySegment name = arena.allocateFrom(alg.javaName().replace("SHA-1", "SHA1"));
      MemorySegment algorithm = (MemorySegment) library.fetch().invokeExact(none, name, none);
      if (algorithm.equals(none)) {
        return Optional.empty();
      }
      MemorySegment context = (MemorySegment) library.context().invokeExact();
      return Optional.of(
          new OpensslDigest(library, algorithm, context, arena.allocate(alg.size())));
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void update(MemorySegment content, long size) {
    start();
    try {
      check((int) library.update().invokeExact(context, content, size));
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String finish() {
    start();
    started = false;
    try {
      check((int) library.finish().invokeExact(context, result, MemorySegment.NULL));
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    return HexFormat.of().formatHex(result.toArray(JAVA_BYTE));
  }

  @Override
  public String hash(MemorySegment content, long size) {
    MemorySegment none = MemorySegment.NULL;
    try {
      check((int) library.whole().invokeExact(content, size, result, none, algorithm, none));
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    return HexFormat.of().formatHex(result.toArray(JAVA_BYTE));
  }

  private void start() {
    if (!started) {
      try {
        check((int) library.start().invokeExact(context, algorithm, MemorySegment.NULL));
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
      started = true;
    }
  }

  private static void check(int answer) {
    if (answer != 1) {
      throw new IllegalStateException("libcrypto refuses to hash");
    }
  }
}
