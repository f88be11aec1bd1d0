package dev.keystead.tenant.policy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.policy.PolicyDraft;
import dev.keystead.tenant.TenantException;
import dev.keystead.tpm.structure.HashAlg;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoriesTest {
  private static final String REPOMD =
      """
      <repomd xmlns="http://linux.duke.edu/metadata/repo">
        <data type="%s"><checksum type="sha256">%s</checksum><location href="%s"/></data>
      </repomd>
      """;

  @TempDir private Path folder;

  private static String sha256(byte[] content) {
    return HexFormat.of().formatHex(HashAlg.SHA256.hash(content));
  }

  private PolicyDraft rpm(Optional<Path> key) {
    PolicyDraft draft = new PolicyDraft();
    new RpmRepository(RepositoryFiles.at(folder.toString()), key).harvest(new Meter()).addTo(draft);
    return draft;
  }

  private PolicyDraft deb(Optional<Path> index) {
    PolicyDraft draft = new PolicyDraft();
    new DebRepository(RepositoryFiles.at(folder.toString()), index)
        .harvest(HashAlg.SHA256, new Meter())
        .addTo(draft);
    return draft;
  }

  private Path write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  /** One header of an RPM: tags of type text or number. */
  private static byte[] header(Object... tagsAndValues) throws IOException {
    ByteArrayOutputStream index = new ByteArrayOutputStream();
    ByteArrayOutputStream store = new ByteArrayOutputStream();
    DataOutputStream at = new DataOutputStream(index);
    for (int i = 0; i < tagsAndValues.length; i += 2) {
      at.writeInt((int) tagsAndValues[i]);
      if (tagsAndValues[i + 1] instanceof int[] numbers) {
        while (store.size() % 4 != 0) {
          store.write(0);
        }
        at.writeInt(4);
        at.writeInt(store.size());
        at.writeInt(numbers.length);
        DataOutputStream values = new DataOutputStream(store);
        for (int number : numbers) {
          values.writeInt(number);
        }
      } else {
        String[] texts = (String[]) tagsAndValues[i + 1];
        at.writeInt(8);
        at.writeInt(store.size());
        at.writeInt(texts.length);
        for (String text : texts) {
          store.writeBytes((text + "\0").getBytes(UTF_8));
        }
      }
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(whole);
    out.writeLong(0x8eade80100000000L);
    out.writeInt(tagsAndValues.length / 2);
    out.writeInt(store.size());
    out.write(index.toByteArray());
    out.write(store.toByteArray());
    return whole.toByteArray();
  }

  private static byte[] rpmPackage(String digestOfA) throws IOException {
    byte[] main =
        header(
            1035, new String[] {digestOfA, "", "c".repeat(32)},
            1116, new int[] {0, 0, 1},
            1117, new String[] {"a", "link", "old file"},
            1118, new String[] {"/usr/bin/", "/usr/share/"});
    byte[] signature = header(273, new String[] {sha256(main)});
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] lead = new byte[96];
    System.arraycopy(HexFormat.of().parseHex("edabeedb"), 0, lead, 0, 4);
    out.writeBytes(lead);
    out.writeBytes(signature);
    while (out.size() % 8 != 0) {
      out.write(0);
    }
    out.writeBytes(main);
    out.writeBytes("payload".getBytes(UTF_8));
    return out.toByteArray();
  }

  @Test
  void theDigestsThatPackagesStateAreTaken() throws IOException {
    write("repodata/repomd.xml", REPOMD.formatted("group", "0", "x").getBytes(UTF_8));
    write("Packages/a.rpm", rpmPackage("ab".repeat(32)));

    assertThat(rpm(Optional.empty()).files())
        .containsOnlyKeys("/usr/bin/a")
        .satisfies(f -> assertThat(f.get("/usr/bin/a")).containsExactly("ab".repeat(32)));
  }

  @Test
  void aPackageWhoseHeaderWasChangedIsRefused() throws IOException {
    write("repodata/repomd.xml", REPOMD.formatted("group", "0", "x").getBytes(UTF_8));
    byte[] changed = rpmPackage("ab".repeat(32));
    int at = new String(changed, ISO_8859_1).indexOf("abab");
    changed[at] = 'c';
    write("a.rpm", changed);

    assertThatThrownBy(() -> rpm(Optional.empty()))
        .isInstanceOf(TenantException.class)
        .hasMessageContaining("does not have the digest");
  }

  @Test
  void aPackageCutOffAnywhereIsRefusedOrSaysTheSame() throws IOException {
    byte[] whole = rpmPackage("ab".repeat(32));
    int payload = whole.length - 7;
    for (int size = 0; size < payload; size += 7) {
      byte[] cut = Arrays.copyOf(whole, size);
      assertThatThrownBy(() -> RpmHeader.files(new ByteArrayInputStream(cut)))
          .as("%d bytes", size)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void listsOfFilesThatMetadataHasNeedNoPackage() throws IOException {
    byte[] lists =
        ("<filelists-ext><package><file hash=\"%s\">/usr/bin/b c</file><file>/usr</file>"
                + "</package></filelists-ext>")
            .formatted("cd".repeat(32))
            .getBytes(UTF_8);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(lists);
    }
    write("repodata/f.xml.gz", packed.toByteArray());
    String checksum = sha256(packed.toByteArray());
    write(
        "repodata/repomd.xml",
        REPOMD.formatted("filelists-ext", checksum, "repodata/f.xml.gz").getBytes(UTF_8));

    assertThat(rpm(Optional.empty()).files()).containsOnlyKeys("/usr/bin/b_c");

    write("repodata/f.xml.gz", lists);
    assertThatThrownBy(() -> rpm(Optional.empty()))
        .isInstanceOf(TenantException.class)
        .hasMessageContaining("does not have the SHA-256");
  }

  @Test
  void aRepositoryThatIsNotSignedIsRefusedWhenAKeyIsGiven() throws IOException {
    write("repodata/repomd.xml", REPOMD.formatted("group", "0", "x").getBytes(UTF_8));
    Path key = write("key.asc", new byte[10]);

    assertThatThrownBy(() -> rpm(Optional.of(key)))
        .isInstanceOf(TenantException.class)
        .hasMessageContaining("not signed");
  }

  @Test
  void entitiesOfMetadataAreNotResolved() {
    byte[] evil =
        "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><repomd><data type=\"&x;\"/></repomd>"
            .getBytes(UTF_8);

    assertThatThrownBy(() -> RpmMetadata.parts(evil)).isInstanceOf(IOException.class);
  }

  private static byte[] tar(String... namesAndContents) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndContents.length; i += 2) {
      boolean link = namesAndContents[i + 1].startsWith("->");
      String content = link ? "" : namesAndContents[i + 1];
      byte[] block = new byte[512];
      put(block, 0, namesAndContents[i]);
      put(block, 100, "0000755\0" + "0000000\0" + "0000000\0");
      put(block, 124, "%011o\0".formatted(content.length()));
      put(block, 136, "00000000000\0");
      put(block, 148, "        ");
      block[156] = (byte) (link ? '1' : '0');
      put(block, 157, link ? namesAndContents[i + 1].substring(2) : "");
      put(block, 257, "ustar\00000");
      int sum = 0;
      for (byte b : block) {
        sum += b & 0xff;
      }
      put(block, 148, "%06o\0 ".formatted(sum));
      out.write(block);
      out.write(content.getBytes(UTF_8));
      while (out.size() % 512 != 0) {
        out.write(0);
      }
    }
    out.write(new byte[1024]);
    return out.toByteArray();
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  private static byte[] debPackage(byte[] data, String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write("!<arch>\n".getBytes(UTF_8));
    member(out, "debian-binary", "2.0\n".getBytes(UTF_8));
    member(out, "control.tar", new byte[3]);
    member(out, name, data);
    return out.toByteArray();
  }

  private static void member(ByteArrayOutputStream out, String name, byte[] data) {
    String header = "%-16s%-12s%-6s%-6s%-8s%-10d`\n".formatted(name, 0, 0, 0, 100644, data.length);
    out.writeBytes(header.getBytes(UTF_8));
    out.writeBytes(data);
    if (data.length % 2 == 1) {
      out.write('\n');
    }
  }

  @Test
  void filesOfDebianPackagesAreHashedUnderBothTheirNames() throws IOException {
    byte[] data = tar("./bin/sh", "shell", "./usr/bin/x", "x", "./usr/bin/y", "->./usr/bin/x");
    write("pool/a.deb", debPackage(data, "data.tar"));

    assertThat(deb(Optional.empty()).files())
        .containsOnlyKeys("/bin/sh", "/usr/bin/sh", "/usr/bin/x", "/usr/bin/y")
        .satisfies(
            f -> assertThat(f.get("/usr/bin/y")).containsExactly(sha256("x".getBytes(UTF_8))));
  }

  @Test
  void anIndexSaysWhichPackagesCountAndWhatTheyMustBe() throws IOException {
    byte[] good = debPackage(tar("./usr/a", "a"), "data.tar");
    write("pool/a.deb", good);
    write("pool/b.deb", debPackage(tar("./usr/b", "b"), "data.tar"));
    String index = "Package: a\nFilename: pool/a.deb\nSize: 1\nSHA256: %s\n\n";
    Path listed = write("Packages", index.formatted(sha256(good)).getBytes(UTF_8));

    assertThat(deb(Optional.of(listed)).files()).containsOnlyKeys("/usr/a");

    Path wrong = write("Packages2", index.formatted("ab".repeat(32)).getBytes(UTF_8));
    assertThatThrownBy(() -> deb(Optional.of(wrong)))
        .isInstanceOf(TenantException.class)
        .hasMessageContaining("pool/a.deb");
    Path without = write("Packages3", "Filename: pool/a.deb\n".getBytes(UTF_8));
    assertThatThrownBy(() -> deb(Optional.of(without)))
        .isInstanceOf(TenantException.class)
        .hasMessageContaining("no SHA-256");
  }

  @Test
  void anIndexThatLeadsOutOfTheRepositoryIsRefused() throws IOException {
    Path index =
        write(
            "Packages",
            ("Filename: ../../etc/passwd\nSHA256: " + "ab".repeat(32) + "\n").getBytes(UTF_8));

    assertThatThrownBy(() -> deb(Optional.of(index)))
        .isInstanceOf(TenantException.class)
        .hasMessageContaining("leads out");
  }

  @Test
  void aDebianPackageThatIsDamagedIsRefused() throws IOException {
    byte[] data = tar("./usr/a", "content");
    for (byte[] broken :
        List.of(
            new byte[0],
            "!<arch>\n".getBytes(UTF_8),
            debPackage(Arrays.copyOf(data, 600), "data.tar"),
            debPackage(tar("./../../etc/x", "x"), "data.tar"),
            debPackage(changed(data, 3), "data.tar"))) {
      write("a.deb", broken);
      assertThatThrownBy(() -> deb(Optional.empty())).isInstanceOf(TenantException.class);
    }
  }

  private static byte[] changed(byte[] bytes, int at) {
    byte[] copy = bytes.clone();
    copy[at] ^= 1;
    return copy;
  }
}
