package dev.keystead.tenant.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.policy.PolicyDraft;
import dev.keystead.tenant.TenantException;
import dev.keystead.tpm.structure.HashAlg;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileTreeTest {
  @TempDir private Path root;

  private PolicyDraft draft(FileTree tree) {
    PolicyDraft draft = new PolicyDraft();
    tree.harvest(HashAlg.SHA256, new Meter()).addTo(draft);
    return draft;
  }

  private FileTree tree(Path... skipped) {
    return new FileTree(root, List.of(skipped), true);
  }

  private void file(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static String sha256(String content) {
    return HexFormat.of().formatHex(HashAlg.SHA256.hash(content.getBytes(UTF_8)));
  }

  @Test
  void everyFileIsListedUnderItsNameBelowTheRoot() throws IOException {
    file("usr/bin/a", "one");
    file("etc/b", "two");
    file("c", "");

    assertThat(draft(tree()).files())
        .containsOnlyKeys("/usr/bin/a", "/etc/b", "/c")
        .satisfies(files -> assertThat(files.get("/usr/bin/a")).containsExactly(sha256("one")))
        .satisfies(files -> assertThat(files.get("/c")).containsExactly(sha256("")));
  }

  @Test
  void linksPipesAndFoldersAreNotListed() throws IOException, InterruptedException {
    file("real", "one");
    Files.createSymbolicLink(root.resolve("link"), root.resolve("real"));
    Files.createSymbolicLink(root.resolve("folderlink"), Path.of("/etc"));
    new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start().waitFor();

    assertThat(draft(tree()).files()).containsOnlyKeys("/real");
  }

  @Test
  void whatChangesFromBootToBootIsLeftOutAtTheRootOnly() throws IOException {
    for (String name : FileTree.CHANGING) {
      file(name + "/x", "x");
      file("opt/" + name + "/x", "x");
    }

    assertThat(draft(tree()).files().keySet())
        .hasSize(FileTree.CHANGING.size())
        .allMatch(name -> name.startsWith("/opt/"));
  }

  @Test
  void skippedFoldersAreLeftOutWithAllThatIsInThem() throws IOException {
    file("opt/a/b", "x");
    file("opt/ab", "x");

    assertThat(draft(tree(root.resolve("opt/a"))).files()).containsOnlyKeys("/opt/ab");
  }

  @Test
  void aFolderToSkipOutsideOfTheTreeIsRefused() {
    assertThatThrownBy(() -> draft(tree(Path.of("/etc"))))
        .isInstanceOf(TenantException.class)
        .hasMessageContaining("/etc to skip is not in");
    assertThatThrownBy(() -> draft(tree(root.resolve(".."))))
        .isInstanceOf(TenantException.class)
        .hasMessageContaining("all of");
  }

  @Test
  void aRootThatDoesNotExistIsRefused() {
    assertThatThrownBy(() -> draft(new FileTree(root.resolve("none"), List.of(), true)))
        .isInstanceOf(TenantException.class);
  }

  @Test
  void spacesAreUnderscoresAsImaWritesThem() throws IOException {
    file("a b", "one");
    file("a_b", "two");

    assertThat(draft(tree()).files())
        .containsOnlyKeys("/a_b")
        .satisfies(files ->
            assertThat(files.get("/a_b")).containsExactlyInAnyOrder(sha256("one"), sha256("two")));
  }

  @Test
  void namesBeyondAsciiAreReadAsUtf8WhateverTheLocale() throws Exception {
    run("printf one > \"$1/$(printf 'gr\\303\\274n')\"");

    assertThat(draft(tree()).files()).containsOnlyKeys("/gr\u00fcn");
  }

  @Test
  void namesThatAreNotUtf8AreLeftOutAndSaidSo() throws Exception {
    run("printf one > \"$1/$(printf 'b\\377d')\"; printf two > \"$1/good\"");

    Harvest harvest = tree().harvest(HashAlg.SHA256, new Meter());

    PolicyDraft draft = new PolicyDraft();
    harvest.addTo(draft);
    assertThat(draft.files()).containsOnlyKeys("/good");
    assertThat(harvest.leftOutCount()).isEqualTo(1);
    assertThat(harvest.leftOut().getFirst()).endsWith("its name is not UTF-8");
  }

  private void run(String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "-c", script, "bash", root.toString()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void filesOfOtherUsersCountOnlyWhenAskedFor() throws IOException {
    file("mine", "x");
    boolean isRoot = Files.getAttribute(root.resolve("mine"), "unix:uid").equals(0);
    if (isRoot) {
      file("theirs", "x");
      Files.setAttribute(root.resolve("theirs"), "unix:uid", 12345);
    }

    assertThat(draft(new FileTree(root, List.of(), false)).files().keySet())
        .isEqualTo(isRoot ? java.util.Set.of("/mine") : java.util.Set.of());
  }

  @Test
  void aWideAndDeepTreeIsReadWhole() throws IOException {
    Random random = new Random(7);
    java.util.Map<String, String> expected = new java.util.TreeMap<>();
    for (int i = 0; i < 2000; i++) {
      String name = "/d" + random.nextInt(40) + "/e" + random.nextInt(20) + "/f" + i;
      file(name.substring(1), name);
      expected.put(name, sha256(name));
    }

    assertThat(draft(tree()).files())
        .hasSize(2000)
        .allSatisfy((name, digests) -> assertThat(digests).containsExactly(expected.get(name)));
  }

  @Test
  void largeFilesAreHashedWhole() throws IOException {
    byte[] content = new byte[(3 << 20) + 17];
    new Random(1).nextBytes(content);
    Files.write(root.resolve("large"), content);
    byte[] exact = Arrays.copyOf(content, 1 << 20);
    Files.write(root.resolve("exact"), exact);

    assertThat(draft(tree()).files())
        .satisfies(files ->
            assertThat(files.get("/large"))
                .containsExactly(HexFormat.of().formatHex(HashAlg.SHA256.hash(content))))
        .satisfies(files ->
            assertThat(files.get("/exact"))
                .containsExactly(HexFormat.of().formatHex(HashAlg.SHA256.hash(exact))));
  }

  @ParameterizedTest
  @EnumSource(
      value = HashAlg.class,
      names = {"SHA1", "SHA256", "SHA384", "SHA512"})
  void libcryptoAndTheJdkHashAlike(HashAlg alg) {
    Random random = new Random(alg.id());
    try (Arena arena = Arena.ofConfined()) {
      ContentDigest system = OpensslDigest.find(alg, arena).orElseThrow();
      ContentDigest jdk = new ContentDigest.Jdk(alg);
      for (int i = 0; i < 20; i++) {
        byte[] bytes = new byte[random.nextInt(200_000)];
        random.nextBytes(bytes);
        MemorySegment content = arena.allocate(Math.max(1, bytes.length));
        MemorySegment.copy(
            bytes, 0, content, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, bytes.length);
        system.update(content, bytes.length);
        system.update(content, bytes.length / 2);
        jdk.update(content, bytes.length);
        jdk.update(content, bytes.length / 2);

        assertThat(system.finish()).isEqualTo(jdk.finish());
        assertThat(system.hash(content, bytes.length)).isEqualTo(jdk.hash(content, bytes.length));
      }
    }
  }
}
