package dev.keystead.tao.launch;

import dev.keystead.tao.ProgramSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What may be declared for a program. Refused is what would bring in code that is not measured by a
 * way that is known here.
 */
final class Declared {
  private static final List<String> REFUSED_VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", Inherited.TAO_VARIABLE);

  /** Options of a JVM that set a property, a size or a number, or open a module; nothing else. */
  private static final Pattern JVM_OPTION =
      Pattern.compile(
          "-D[^=]+(=.*)?|-X(ms|mx|ss|mn)\\d+[kKmMgG]?|-XX:[+-]\\w+|-XX:\\w+=\\d+[kKmMgGtT]?"
              + "|-(ea|da|esa|dsa)(:.*)?|--enable-preview"
              + "|--(enable-native-access|add-modules|add-opens|add-exports|add-reads)=.*"
              + "|--(sun-misc-unsafe-memory-access|illegal-native-access)=\\w+",
          Pattern.DOTALL);

  private Declared() {}

  static void requireMeasurable(ProgramSpec spec) throws IOException {
    for (String variable : spec.environment().keySet()) {
      if (variable.startsWith("LD_") || REFUSED_VARIABLES.contains(variable)) {
        throw new IOException("the variable %s cannot be declared".formatted(variable));
      }
    }
    if (spec.program() instanceof ProgramSpec.Java java) {
      for (String option : java.options()) {
        if (!JVM_OPTION.matcher(option).matches()) {
          throw new IOException(
              "this option of a JVM is not one whose effect is measured: " + option);
        }
      }
    }
  }

  /** What a program is told as its own name: interpreters find their parts by their path. */
  static String name(ProgramSpec.Program program) {
    return switch (program) {
      case ProgramSpec.Executable(Path file) -> String.valueOf(file.getFileName());
      case ProgramSpec.Script(Path interpreter, Path _) -> interpreter.toString();
      case ProgramSpec.Java _ -> "java";
    };
  }
}
