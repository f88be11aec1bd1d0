package dev.keystead.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/dependencies.md says what the build really uses. */
class DependenciesTest {
  private static final Pattern PART =
      Pattern.compile(
          "<artifactId>([^<]+)</artifactId>\\s*<version>([^<$]+|\\$\\{[a-z.]+})</version>");
  private static final Pattern PROPERTY = Pattern.compile("<([a-z]+\\.version)>([^<]+)</");

  @Test
  void everyPartOfTheParentPomIsOnThePageInItsVersion() throws IOException {
    Path root = Path.of("..").toRealPath();
    String pom = Files.readString(root.resolve("pom.xml"));
    List<String> rows =
        Files.readAllLines(root.resolve("docs/dependencies.md")).stream()
            .filter(line -> line.startsWith("| "))
            .toList();

    Map<String, String> parts = parts(pom);
    assertThat(parts).hasSizeGreaterThan(20);
    assertThat(parts)
        .allSatisfy((name, version) ->
            assertThat(rows)
                .as("a row for %s %s", name, version)
                .anyMatch(row -> row.contains(name) && row.contains(version)));
  }

  private static Map<String, String> parts(String pom) {
    Map<String, String> properties = new TreeMap<>();
    PROPERTY.matcher(pom).results().forEach(m -> properties.put(m.group(1), m.group(2)));
    Map<String, String> parts = new TreeMap<>();
    Matcher part = PART.matcher(pom);
    while (part.find()) {
      String version = part.group(2);
      if (version.startsWith("${")) {
        version = properties.getOrDefault(version.substring(2, version.length() - 1), "");
      }
      if (!part.group(1).startsWith("keystead") && !version.isEmpty()) {
        parts.put(part.group(1).replaceAll("^(netty|junit)-bom$", "$1-"), version);
      }
    }
    return parts;
  }
}
