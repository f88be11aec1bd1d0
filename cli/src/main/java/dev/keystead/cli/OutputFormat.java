package dev.keystead.cli;

import dev.keystead.evidence.json.Json;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option {@code --output json|text} and the printing that it chooses. */
public final class OutputFormat {
  /** For a person or for a program. */
  public enum Format {
    /** One JSON document. */
    JSON,
    /** Lines to read. */
    TEXT
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--output",
      paramLabel = "json|text",
      defaultValue = "text",
      description = "How to print the result (default: text).")
  private Format format;

  /** Prints {@code json}, or the lines of {@code text}. */
  public void print(Json json, Iterable<String> text) {
    PrintWriter out = command.commandLine().getOut();
    if (isJson()) {
      out.print(json.pretty());
    } else {
      text.forEach(line -> out.println(printable(line)));
    }
    out.flush();
  }

  /** Prints one line at once. */
  public void say(String line) {
    PrintWriter out = command.commandLine().getOut();
    out.println(printable(line));
    out.flush();
  }

  /** Whether it is for a program. */
  public boolean isJson() {
    return format == Format.JSON;
  }

  /** Events as they happen, one line each. */
  public EventLines events() {
    return new EventLines(command.commandLine().getOut(), isJson());
  }

  /** A file's name may hold anything; nothing that it holds reaches the terminal as a command. */
  static String printable(String line) {
    StringBuilder safe = new StringBuilder();
    line.codePoints()
        .forEach(c -> {
          if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
            safe.append("\\u%04x".formatted(c));
          } else {
            safe.appendCodePoint(c);
          }
        });
    return safe.toString();
  }
}
