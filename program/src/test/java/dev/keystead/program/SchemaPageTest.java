package dev.keystead.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SchemaPageTest {
  @Test
  void thePageOfTheLocalApiIsThatOfTheSchema() throws IOException {
    Path root = Path.of("..").toRealPath();
    assertThat(Files.readString(root.resolve(SchemaPage.PAGE)))
        .as("write it anew with: java program/src/test/java/dev/keystead/program/SchemaPage.java")
        .isEqualTo(SchemaPage.page(root));
  }
}
