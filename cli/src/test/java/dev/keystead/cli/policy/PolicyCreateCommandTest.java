package dev.keystead.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.cli.Boots;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.Ran;
import dev.keystead.evidence.policy.RuntimePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class PolicyCreateCommandTest {
  static final List<String> BOOTS = Boots.CLEAN;

  @TempDir private Path folder;

  @ParameterizedTest
  @FieldSource("BOOTS")
  void bothFormsOfAListMakeTheSamePolicy(String boot) throws IOException {
    RuntimePolicy binary = create(boot, "binary_runtime_measurements");
    RuntimePolicy ascii = create(boot, "ascii_runtime_measurements");
    assertThat(binary.fileCount()).isGreaterThan(10).isEqualTo(ascii.fileCount());
  }

  private RuntimePolicy create(String boot, String list) throws IOException {
    Path file = folder.resolve(list + ".json");
    Ran ran =
        Ran.keystead(
            "policy", "create", "--ima-list", Boots.of(boot).resolve(list), "--output", file);
    assertThat(ran.code()).as(ran.toString()).isEqualTo(ExitCode.TRUSTED);
    return RuntimePolicy.parse(Files.readAllBytes(file));
  }

  @Test
  void whatIsNoListMakesNoPolicy() throws IOException {
    Path list = folder.resolve("list");
    Files.writeString(list, "this is not a measurement list\n");
    Path file = folder.resolve("policy.json");
    Ran ran = Ran.keystead("policy", "create", "--ima-list", list, "--output", file);
    assertThat(ran.code()).isEqualTo(ExitCode.UNREADABLE);
    assertThat(file).doesNotExist();
  }
}
