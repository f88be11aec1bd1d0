package dev.keystead.cli.manual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManualTest {
  @TempDir private Path folder;

  @Test
  void aPageSaysWhatTheVerbDoesAndTakes() {
    Ran ran = Ran.keystead("man", "node", "add");

    assertThat(ran.code()).isZero();
    assertThat(ran.out())
        .startsWith(".TH KEYSTEAD-NODE-ADD 1\n")
        .contains(".SH SYNOPSIS", ".B \\-\\-ek\\-roots DIR", ".SH EXIT STATUS");
  }

  @Test
  void everyVerbHasAPage() throws IOException {
    assertThat(Ran.keystead("man", "--to", folder).code()).isZero();

    try (var pages = Files.list(folder)) {
      assertThat(pages.map(page -> page.getFileName().toString()))
          .contains("keystead.1", "keystead-policy-create.1", "keystead-policy-create-boot.1");
    }
  }

  @Test
  void completionKnowsVerbsAndOptions() {
    Ran ran = Ran.keystead("completion");

    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("policy", "--ek-roots", "complete -F");
  }
}
