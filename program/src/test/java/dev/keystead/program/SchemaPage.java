package dev.keystead.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the schema's part of docs/local-api.md from tao.proto. After a change of the schema, at
 * the root of the repository: {@code java
 * program/src/test/java/dev/keystead/program/SchemaPage.java}
 */
public final class SchemaPage {
  /** Where the page is, from the root of the repository. */
  static final Path PAGE = Path.of("docs/local-api.md");

  private static final Path SCHEMA =
      Path.of("program/src/main/protobuf/dev/keystead/tao/v1/tao.proto");
  private static final String BEGIN =
      "<!-- From here on written from tao.proto by SchemaPage.java: edit that. -->\n";
  private static final Pattern RPC =
      Pattern.compile("rpc (\\w+)\\((\\w+)\\) returns \\((\\w+)\\);");
  private static final Pattern PART = Pattern.compile("(service|message) (\\w+) \\{}?");
  private static final Pattern FIELD = Pattern.compile("(.+) (\\w+) = (\\d+);");

  private final StringBuilder page = new StringBuilder();
  private final List<String> comment = new ArrayList<>();
  private boolean alternatives;

  private SchemaPage() {}

  /** Writes the page anew. */
  public static void main(String[] arguments) throws IOException {
    Files.writeString(PAGE, page(Path.of("")));
  }

  /** The page as it should be: what was written by hand, and the schema as it is now. */
  static String page(Path root) throws IOException {
    String written = Files.readString(root.resolve(PAGE));
    int begin = written.indexOf(BEGIN);
    if (begin < 0) {
      throw new IOException(PAGE + " has no place for the schema");
    }
    SchemaPage schema = new SchemaPage();
    for (String line : Files.readAllLines(root.resolve(SCHEMA))) {
      schema.take(line.strip());
    }
    return written.substring(0, begin) + BEGIN + schema.page;
  }

  private void take(String line) {
    if (line.startsWith("//")) {
      comment.add(line.substring(2));
      return;
    }
    Matcher rpc = RPC.matcher(line);
    Matcher part = PART.matcher(line);
    Matcher field = FIELD.matcher(line);
    if (line.startsWith("syntax")) {
      page.append('\n').append(text());
    } else if (part.matches() && part.group(1).equals("service")) {
      part("## Service " + part.group(2), "| method | request, reply | |\n|---|---|---|\n");
    } else if (rpc.matches()) {
      row("`" + rpc.group(1) + "`", "`" + rpc.group(2) + "`, `" + rpc.group(3) + "`");
    } else if (part.matches()) {
      String fields = "| field | type | |\n|---|---|---|\n";
      part("### " + part.group(2), line.endsWith("{}") ? "Empty.\n" : fields);
    } else if (line.startsWith("oneof ")) {
      alternatives = true;
    } else if (field.matches() && !line.startsWith("option ")) {
      String kind = alternatives ? ", one of these" : "";
      row(field.group(3) + " `" + field.group(2) + "`", "`" + field.group(1) + "`" + kind);
    } else if (line.equals("}")) {
      alternatives = false;
    }
    comment.clear();
  }

  private void part(String heading, String table) {
    page.append('\n').append(heading).append("\n\n").append(text());
    page.append(comment.isEmpty() ? "" : "\n").append(table);
  }

  private void row(String name, String type) {
    page.append("| %s | %s | %s |\n".formatted(name, type, String.join("", comment).strip()));
  }

  /** The comment as paragraphs; what is indented in it stays as it is. */
  private String text() {
    StringBuilder text = new StringBuilder();
    boolean fixed = false;
    for (String line : comment) {
      boolean indented = line.startsWith("   ");
      if (indented != fixed) {
        text.append("```\n");
        fixed = indented;
      }
      text.append(indented ? line.substring(3) : line.strip()).append('\n');
    }
    return text.toString();
  }
}
