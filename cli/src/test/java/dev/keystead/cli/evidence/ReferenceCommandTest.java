package dev.keystead.cli.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.cli.Boots;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.Ran;
import dev.keystead.evidence.reference.BootReference;
import dev.keystead.evidence.reference.ReferenceFile;
import dev.keystead.tpm.structure.HashAlg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceCommandTest {
  @TempDir private Path folder;

  @Test
  void aGoodBootBecomesReferenceValues() throws IOException {
    Path file = folder.resolve("reference.json");
    Ran ran = Ran.keystead("evidence", "reference", Boots.of("01-direct-clean"), "--output", file);
    assertThat(ran.code()).as(ran.toString()).isEqualTo(ExitCode.TRUSTED);
    BootReference reference = ReferenceFile.parse(Files.readAllBytes(file));
    assertThat(reference.needed().mask(HashAlg.SHA256)).isEqualTo(0x7bff);
    assertThat(reference.events()).isNotEmpty();
  }

  @Test
  void aBootWhoseQuoteDoesNotVerifyIsRefused() throws IOException {
    Path boot = Boots.copy("01-direct-clean", folder.resolve("boot"));
    Files.writeString(boot.resolve("nonce.hex"), "00ff\n");
    Path file = folder.resolve("reference.json");
    Ran ran = Ran.keystead("evidence", "reference", boot, "--output", file);
    assertThat(ran.code()).isEqualTo(ExitCode.NOT_TRUSTED);
    assertThat(file).doesNotExist();
  }

  @Test
  void aFolderWithoutEvidenceIsUnreadable() {
    Ran ran = Ran.keystead("evidence", "reference", folder, "--output", folder.resolve("r"));
    assertThat(ran.code()).isEqualTo(ExitCode.UNREADABLE);
  }
}
