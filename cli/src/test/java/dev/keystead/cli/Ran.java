package dev.keystead.cli;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;

/** What one run of the command line answered. */
public record Ran(int code, String out, String err) {
  /** Runs the command line in this process. */
  public static Ran keystead(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        KeysteadCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    int code = line.execute(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  /** What it printed, as one JSON object. */
  public Json.Obj json() {
    return (Json.Obj) Json.parse(out, Limits.POLICY);
  }

  /** The codes of the findings that it printed as JSON. */
  public List<String> findingCodes() {
    return items("findings").stream()
        .map(finding -> text(Objects.requireNonNull(((Json.Obj) finding).members().get("code"))))
        .toList();
  }

  /** The items of a member that is an array. */
  public List<Json> items(String name) {
    return ((Json.Arr) Objects.requireNonNull(json().members().get(name), out)).items();
  }

  /** A member that is a string, number or truth value, as text. */
  public String member(String name) {
    return text(Objects.requireNonNull(json().members().get(name), out));
  }

  private static String text(Json value) {
    return value instanceof Json.Str(String text) ? text : value.toString();
  }
}
