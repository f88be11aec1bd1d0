package dev.keystead.tao.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the kernel executes: a static program, or the dynamic loader with a program and all of its
 * libraries.
 *
 * @param program the program itself; empty for a JVM's launcher, which is run where it lies
 * @param loader the dynamic loader; empty for a static program
 * @param libraries by name, in the order in which they are loaded
 */
record NativeCode(
    Optional<SealedFile> program, Optional<SealedFile> loader, Map<String, SealedFile> libraries)
    implements AutoCloseable {

  /** Copies a program, and what it is linked with. */
  static NativeCode of(Path file) throws IOException {
    SealedFile program = SealedFile.copy(file, true);
    try {
      ElfFile elf = ElfFile.read(program);
      if (elf.interpreter().isEmpty()) {
        if (!elf.needed().isEmpty()) {
          throw new IOException("it needs libraries and names no loader");
        }
        program.allowExecutionOnly();
        return new NativeCode(Optional.of(program), Optional.empty(), Map.of());
      }
      return dynamic(Optional.of(program), elf, Map.of(file.toRealPath(), elf), List.of());
    } catch (IOException | RuntimeException | Error e) {
      program.close();
      throw e;
    }
  }

  /** Copies what a JVM's launcher, and the JVM, are linked with, but is not theirs. */
  static NativeCode of(JavaRuntime runtime) throws IOException {
    Map<Path, ElfFile> core = new LinkedHashMap<>();
    for (JavaRuntime.Part part : runtime.core()) {
      Path file = runtime.home().resolve(part.name());
      try (SealedFile copy = SealedFile.copy(file, true)) {
        if (!MessageDigest.isEqual(copy.digest(), part.digest())) {
          throw new IOException(file + " changed while it was measured");
        }
        core.put(file.toRealPath(), ElfFile.read(copy));
      }
    }
    ElfFile launcher = core.values().iterator().next(); // bin/java: the parts are in order.
    return dynamic(Optional.empty(), launcher, core, runtime.libraries());
  }

  private static NativeCode dynamic(
      Optional<SealedFile> program, ElfFile elf, Map<Path, ElfFile> asking, List<String> provided)
      throws IOException {
    String interpreter = elf.interpreter().orElseThrow(() -> new IOException("it is no program"));
    Libraries.requireGnu(interpreter);
    Libraries.requireNoneForced();
    Map<String, SealedFile> libraries = Libraries.of(asking, provided);
    try {
      SealedFile loader = SealedFile.copy(Path.of(interpreter), true);
      loader.allowExecutionOnly();
      return new NativeCode(program, Optional.of(loader), libraries);
    } catch (IOException | RuntimeException | Error e) {
      libraries.values().forEach(SealedFile::close);
      throw e;
    }
  }

  /** What is executed. */
  SealedFile executed() {
    return loader.or(() -> program).orElseThrow();
  }

  /** What the process opens by itself, in the order of the file descriptors that it inherits. */
  List<SealedFile> opened() {
    List<SealedFile> opened = new ArrayList<>();
    if (loader.isPresent()) {
      program.ifPresent(opened::add);
      opened.addAll(libraries.values());
    }
    return opened;
  }

  /**
   * The arguments that the kernel passes.
   *
   * @param name what the program is told as its own name
   * @param path where the loader finds it, if it is not inherited
   * @param first the number of the first of {@link #opened}
   */
  List<String> arguments(String name, Optional<Path> path, int first, List<String> arguments) {
    List<String> all = new ArrayList<>(List.of(name));
    if (loader.isPresent()) {
      int next = first;
      String file = path.isPresent() ? path.get().toString() : Inherited.path(next++);
      List<String> preloaded = new ArrayList<>();
      for (int i = 0; i < libraries.size(); i++) {
        preloaded.add(Inherited.path(next++));
      }
      all.addAll(List.of("--argv0", name));
      if (!preloaded.isEmpty()) {
        all.addAll(List.of("--preload", String.join(":", preloaded)));
      }
      all.add(file);
    }
    all.addAll(arguments);
    return all;
  }

  @Override
  public void close() {
    program.ifPresent(SealedFile::close);
    loader.ifPresent(SealedFile::close);
    libraries.values().forEach(SealedFile::close);
  }
}
