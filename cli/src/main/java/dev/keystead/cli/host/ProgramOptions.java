package dev.keystead.cli.host;

import dev.keystead.cli.CommandException;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.ProgramSpec.Confinement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A program and all that its measurement covers, as options. */
final class ProgramOptions {
  @Parameters(
      index = "0",
      paramLabel = "IMAGE",
      description = "The program: an executable, a script, or the main class of a Java program.")
  private String image;

  @Parameters(
      index = "1..*",
      paramLabel = "ARGUMENT",
      description = "Its arguments; what begins with a dash stands behind --.")
  private List<String> arguments = List.of();

  @Option(
      names = "--interpreter",
      paramLabel = "FILE",
      description = "IMAGE is a script that this program runs.")
  private @Nullable Path interpreter;

  @Option(
      names = "--java",
      paramLabel = "DIR",
      description = "IMAGE is a main class that the JVM in this directory runs.")
  private @Nullable Path java;

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description = "A jar of the class path, in order; may be repeated.")
  private List<Path> jars = List.of();

  @Option(
      names = "--java-option",
      paramLabel = "OPTION",
      description = "An option of the JVM, in order; may be repeated.")
  private List<String> javaOptions = List.of();

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "A variable of its environment, which has no others; may be repeated.")
  private Map<String, String> environment = Map.of();

  @Option(
      names = "--user",
      paramLabel = "UID[:GID[:GROUP...]]",
      converter = UserIds.class,
      description = "Whom it runs as, in numbers (default: whoever gives the command).")
  private @Nullable UserIds user;

  @Option(
      names = "--confinement",
      paramLabel = "base|no_exec|isolated",
      defaultValue = "base",
      description = "What it may reach (default: base); see docs/launching.md.")
  private Confinement confinement;

  /** The program that the options describe. */
  ProgramSpec spec() {
    SortedMap<String, String> variables = new TreeMap<>(environment);
    try {
      ProgramSpec.Identity identity = user == null ? UserIds.own() : user.identity();
      return new ProgramSpec(program(), arguments, variables, identity, confinement);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  private ProgramSpec.Program program() {
    if (java != null) {
      List<Path> classPath = new ArrayList<>();
      jars.forEach(jar -> classPath.add(real(jar)));
      return new ProgramSpec.Java(real(java), classPath, image, javaOptions);
    }
    if (!jars.isEmpty() || !javaOptions.isEmpty()) {
      throw CommandException.usage("--jar and --java-option go with --java");
    }
    Path file = real(Path.of(image));
    return interpreter == null
        ? new ProgramSpec.Executable(file)
        : new ProgramSpec.Script(real(interpreter), file);
  }

  /** Symbolic links are followed here, so that the host sees what the caller sees. */
  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw CommandException.unreadable("the program's file %s cannot be found".formatted(path));
    }
  }
}
