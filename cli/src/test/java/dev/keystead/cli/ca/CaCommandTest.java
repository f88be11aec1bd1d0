package dev.keystead.cli.ca;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaCommandTest {
  @TempDir private Path folder;

  @Test
  void aCertificateIsMadeListedAndTakenBack() throws Exception {
    String ca = folder.resolve("ca").toString();
    assertThat(Ran.keystead("ca", "init", "-d", ca).code()).isEqualTo(ExitCode.TRUSTED);
    assertThat(Ran.keystead("ca", "init", "-d", ca).code()).isNotEqualTo(ExitCode.TRUSTED);
    assertThat(Ran.keystead("ca", "create", "-d", ca, "web-1", "--dns", "web.example").out())
        .contains("OU=node", "CN=web-1");
    assertThat(Ran.keystead("ca", "create", "-d", ca, "../x").code())
        .isNotEqualTo(ExitCode.TRUSTED);
    assertThat(Ran.keystead("ca", "list", "-d", ca).out()).startsWith("good");

    assertThat(Ran.keystead("ca", "revoke", "-d", ca, "web-1").code()).isEqualTo(ExitCode.TRUSTED);

    assertThat(Ran.keystead("ca", "list", "-d", ca, "--output", "json").out())
        .contains("\"revoked\": true");
    assertThat(Ran.keystead("ca", "crl", "-d", ca).out()).startsWith("1 revoked");
    for (String file : new String[] {"ca-private.pem", "web-1-private.pem", "cacrl.der", "lock"}) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder.resolve("ca").resolve(file))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void withoutAnAuthorityNothingIsCertified() throws Exception {
    assertThat(Ran.keystead("ca", "create", "-d", folder.resolve("none").toString(), "a").code())
        .isNotEqualTo(ExitCode.TRUSTED);
  }
}
