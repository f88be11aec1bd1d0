package dev.keystead.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandsTest {
  private static final String DIGEST = "ab".repeat(32);

  @TempDir private Path folder;

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private String policy(String name, String allowList) throws IOException {
    Files.writeString(folder.resolve(name + ".txt"), allowList);
    Ran ran = Ran.keystead("policy", "convert", path(name + ".txt"), "-o", path(name));
    assertThat(ran.code()).as(ran.err()).isZero();
    return path(name);
  }

  @Test
  void aSignedPolicyIsVerifiedByItsKeyAlone() throws IOException {
    String policy = policy("p.json", DIGEST + "  /usr/bin/x\n");
    for (String form : new String[] {"ecdsa", "x509"}) {
      String signed = path(form + ".signed");
      String verifier = path(form + ".pub");
      Ran sign =
          Ran.keystead(
              "policy",
              "sign",
              policy,
              "--new-key",
              path(form + ".key"),
              "--key-form",
              form,
              "--verifier",
              verifier,
              "-o",
              signed);
      assertThat(sign.code()).as(sign.err()).isZero();
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder.resolve(form + ".key"))))
          .isEqualTo("rw-------");

      assertThat(Ran.keystead("policy", "verify", signed, "--key", verifier).code()).isZero();
    }
    assertThat(
            Ran.keystead("policy", "verify", path("ecdsa.signed"), "--key", path("x509.pub"))
                .code())
        .isEqualTo(1);
  }

  @Test
  void anExistingKeySignsAgainAndIsNotOverwritten() throws IOException {
    String policy = policy("p.json", DIGEST + "  /usr/bin/x\n");
    String key = path("key.pem");
    assertThat(
            Ran.keystead(
                    "policy",
                    "sign",
                    policy,
                    "--new-key",
                    key,
                    "--verifier",
                    path("pub"),
                    "-o",
                    path("one"))
                .code())
        .isZero();

    assertThat(Ran.keystead("policy", "sign", policy, "--key", key, "-o", path("two")).code())
        .isZero();
    assertThat(Ran.keystead("policy", "verify", path("two"), "--key", path("pub")).code()).isZero();
    assertThat(Ran.keystead("policy", "sign", policy, "--new-key", key, "-o", path("three")).code())
        .isEqualTo(1);
  }

  @Test
  void aDiffSaysWhatIsAllowedAndForbiddenNow() throws IOException {
    String before = policy("a.json", DIGEST + "  /usr/bin/x\n" + DIGEST + "  /usr/bin/gone\n");
    String after = policy("b.json", "cd".repeat(32) + "  /usr/bin/x\n");

    Ran ran = Ran.keystead("policy", "diff", before, after);

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out())
        .contains("forbids  /usr/bin/gone is no longer allowed")
        .contains("allows   /usr/bin/x may also have " + "cd".repeat(32))
        .contains("forbids  /usr/bin/x may no longer have " + DIGEST);
    assertThat(Ran.keystead("policy", "diff", before, before).code()).isZero();
  }

  @Test
  void severalSourcesMakeOnePolicy() throws IOException {
    Files.createDirectories(folder.resolve("tree/usr/bin"));
    Files.writeString(folder.resolve("tree/usr/bin/a"), "a");
    Files.writeString(folder.resolve("allow"), DIGEST + "  /usr/bin/b\n");
    Files.writeString(folder.resolve("exclude"), "# comment\n/tmp/.*\n");
    String base = policy("base.json", "ef".repeat(32) + "  /usr/bin/c\n");

    Ran ran =
        Ran.keystead(
            "policy",
            "create",
            "--tree",
            path("tree"),
            "--any-owner",
            "--allow-list",
            path("allow"),
            "--exclude-list",
            path("exclude"),
            "--base",
            base,
            "-o",
            path("made.json"));

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(Files.readString(folder.resolve("made.json")))
        .contains("\"/usr/bin/a\"", "\"/usr/bin/b\"", "\"/usr/bin/c\"", "\"/tmp/.*\"");
  }

  @Test
  void sourcesOfMachinesThatHashDifferentlyAreNotMixed() throws IOException {
    Files.writeString(folder.resolve("allow"), "ab".repeat(20) + "  /usr/bin/b\n");

    Ran ran =
        Ran.keystead(
            "policy",
            "create",
            "--allow-list",
            path("allow"),
            "--hash",
            "sha256",
            "-o",
            path("made.json"));

    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err()).contains("an allow list has sha1", "what is asked for has sha256");
  }

  @Test
  void anAllowListThatCannotBeCarriedOverIsRefusedWithItsLine() throws IOException {
    Files.writeString(folder.resolve("allow"), DIGEST + "  /a\nno digest\n");

    Ran ran = Ran.keystead("policy", "convert", path("allow"));

    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err()).contains("line 2");
  }

  @Test
  void anUnknownMemberOfAnOlderPolicyIsRefused() throws IOException {
    Files.writeString(folder.resolve("old"), "{\"hashes\":{},\"surprise\":1}");

    Ran ran = Ran.keystead("policy", "convert", path("old"));

    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err()).contains("surprise");
  }
}
