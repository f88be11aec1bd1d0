package dev.keystead.tao;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What to start, whole: nothing that affects the program comes from anywhere else.
 *
 * @param program the image
 * @param arguments after the program's own name
 * @param environment all of the environment
 * @param identity who it runs as
 * @param confinement what it may reach
 */
public record ProgramSpec(
    Program program,
    List<String> arguments,
    SortedMap<String, String> environment,
    Identity identity,
    Confinement confinement) {
  private static final int MAX_STRINGS = 4096;

  /** The image, by kind. Paths are absolute; what is measured is what they hold when opened. */
  public sealed interface Program {}

  /** A program that Linux executes by itself. */
  public record Executable(Path file) implements Program {
    /** Requires an absolute path. */
    public Executable {
      absolute(file);
    }
  }

  /**
   * A script, run as {@code interpreter script arguments...}; what its first line says is ignored.
   */
  public record Script(Path interpreter, Path script) implements Program {
    /** Requires absolute paths. */
    public Script {
      absolute(interpreter);
      absolute(script);
    }
  }

  /**
   * A Java program.
   *
   * @param home the JVM: a directory with bin/java and lib in it
   * @param jars the class path, in order
   * @param mainClass the class to start
   * @param options of the JVM, before the class path
   */
  public record Java(Path home, List<Path> jars, String mainClass, List<String> options)
      implements Program {
    /** Requires absolute paths, at least one jar, and a class. */
    public Java {
      jars = List.copyOf(jars);
      options = List.copyOf(options);
      absolute(home);
      jars.forEach(ProgramSpec::absolute);
      if (jars.isEmpty()) {
        throw new IllegalArgumentException("a Java program has at least one jar");
      }
      if (!mainClass.matches("[\\p{L}\\p{N}_$.]{1,512}")) {
        throw new IllegalArgumentException("that is not the name of a class");
      }
      options.forEach(ProgramSpec::text);
    }
  }

  /**
   * Who a program runs as.
   *
   * @param uid its real, effective and saved user
   * @param gid its real, effective and saved group
   * @param groups its supplementary groups, all of them
   */
  public record Identity(int uid, int gid, List<Integer> groups) {
    /** Requires numbers from 0 up. */
    public Identity {
      groups = List.copyOf(groups);
      if (uid < 0 || gid < 0 || groups.size() > 64 || groups.stream().anyMatch(g -> g < 0)) {
        throw new IllegalArgumentException(
            "users and groups are numbers from 0 up, groups at most 64");
      }
    }
  }

  /**
   * What a program may reach. Every profile denies new privileges, core dumps and tracing by its
   * peers.
   */
  public enum Confinement {
    /** Nothing more than every profile denies. */
    BASE,
    /** It never executes another file, nor do the processes that it makes. */
    NO_EXEC,
    /**
     * As {@link #NO_EXEC}, without network, and without files but those that it is made of, what
     * the kernel tells in /proc, and the devices null, zero and urandom.
     */
    ISOLATED
  }

  /** Checks sizes and characters. */
  public ProgramSpec {
    arguments = List.copyOf(arguments);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    if (arguments.size() > MAX_STRINGS || environment.size() > MAX_STRINGS) {
      throw new IllegalArgumentException("more than " + MAX_STRINGS + " arguments or variables");
    }
    arguments.forEach(ProgramSpec::text);
    environment.forEach((name, value) -> {
      text(name);
      text(value);
      if (name.isEmpty() || name.indexOf('=') >= 0) {
        throw new IllegalArgumentException("that is not the name of an environment variable");
      }
    });
  }

  private static void absolute(Path path) {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("a program's path is absolute");
    }
  }

  private static void text(String string) {
    if (string.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("no string of a program has a NUL in it");
    }
  }
}
