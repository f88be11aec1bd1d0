package dev.keystead.tenant.policy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.policy.PolicyDraft;
import dev.keystead.tenant.TenantException;
import dev.keystead.tpm.structure.HashAlg;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InitrdsTest {
  private static final int REGULAR = 0100755;

  @TempDir private Path boot;

  /** Writes archives in cpio's new ASCII format. */
  private static final class Cpio {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Cpio add(String name, int mode, int inode, int links, String content) {
      byte[] data = content.getBytes(UTF_8);
      String header =
          "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x"
              .formatted(
                  inode, mode, 0, 0, links, 0, data.length, 0, 0, 0, 0, name.length() + 1, 0);
      out.writeBytes((header + name + "\0").getBytes(ISO_8859_1));
      pad();
      out.writeBytes(data);
      pad();
      return this;
    }

    Cpio file(String name, String content) {
      return add(name, REGULAR, 1 + out.size(), 1, content);
    }

    private void pad() {
      while (out.size() % 4 != 0) {
        out.write(0);
      }
    }

    byte[] end() {
      add("TRAILER!!!", 0, 0, 1, "");
      while (out.size() % 512 != 0) {
        out.write(0);
      }
      return out.toByteArray();
    }
  }

  private PolicyDraft draft() {
    PolicyDraft draft = new PolicyDraft();
    new Initrds(boot).harvest(HashAlg.SHA256, new Meter()).addTo(draft);
    return draft;
  }

  private static String sha256(String content) {
    return HexFormat.of().formatHex(HashAlg.SHA256.hash(content.getBytes(UTF_8)));
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  @Test
  void everyArchiveOfAnInitrdCounts() throws IOException {
    byte[] early = new Cpio().file("kernel/x86/microcode/A.bin", "microcode").end();
    byte[] second = new Cpio().file("./early", "e").end();
    byte[] main = new Cpio().file("usr/bin/init", "init").add("usr", 040755, 9, 2, "").end();
    Files.write(boot.resolve("initrd.img-6.1"), join(early, second, gzip(main)));
    Files.write(boot.resolve("vmlinuz-6.1"), new byte[10]);

    assertThat(draft().files())
        .containsOnlyKeys("/kernel/x86/microcode/A.bin", "/early", "/usr/bin/init")
        .satisfies(f -> assertThat(f.get("/usr/bin/init")).containsExactly(sha256("init")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "xz", "zstd", "lz4", "lz4 -l", "bzip2"})
  void itIsReadHoweverItIsCompressed(String tool) throws Exception {
    Path plain = Files.write(boot.resolve("plain"), new Cpio().file("init", "x").end());
    Process process =
        new ProcessBuilder("bash", "-c", tool + " -c < " + plain + " > " + boot + "/initramfs")
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();

    assertThat(draft().files()).containsOnlyKeys("/init");
  }

  @Test
  void allNamesOfAFileHaveTheContentOfTheOneThatCarriesIt() throws IOException {
    byte[] archive =
        new Cpio()
            .add("bin/a", REGULAR, 7, 3, "")
            .add("bin/b", REGULAR, 7, 3, "")
            .add("bin/c", REGULAR, 7, 3, "content")
            .add("bin/empty", REGULAR, 8, 2, "")
            .end();
    Files.write(boot.resolve("initrd"), archive);

    assertThat(draft().files())
        .containsOnlyKeys("/bin/a", "/bin/b", "/bin/c", "/bin/empty")
        .satisfies(f -> assertThat(f.get("/bin/a")).containsExactly(sha256("content")))
        .satisfies(f -> assertThat(f.get("/bin/empty")).containsExactly(sha256("")));
  }

  @Test
  void anInitrdThatIsCutOffIsRefusedWherever() throws IOException {
    byte[] whole = new Cpio().file("usr/bin/init", "some content").end();
    int trailer = new String(whole, ISO_8859_1).indexOf("TRAILER!!!") + 11;
    for (int size : Set.of(1, 50, 115, 125, 140, trailer - 12, trailer - 1)) {
      Files.write(boot.resolve("initrd"), java.util.Arrays.copyOf(whole, size));
      assertThatThrownBy(this::draft).as("%d bytes", size).isInstanceOf(TenantException.class);
    }
  }

  @Test
  void aNameThatLeadsOutOfTheArchiveIsRefused() throws IOException {
    Files.write(boot.resolve("initrd"), new Cpio().file("usr/../../etc/passwd", "x").end());

    assertThatThrownBy(this::draft)
        .isInstanceOf(TenantException.class)
        .hasMessageContaining("leads out");
  }

  @Test
  void whatIsNoArchiveIsRefused() throws IOException {
    Files.writeString(boot.resolve("initrd"), "no archive at all");

    assertThatThrownBy(this::draft)
        .isInstanceOf(TenantException.class)
        .hasMessageContaining("no kind that is known");
  }

  @Test
  void compressedDataThatIsBrokenIsRefused() throws IOException {
    byte[] packed = gzip(new Cpio().file("init", "x".repeat(5000)).end());
    packed[packed.length / 2] ^= 0x55;
    Files.write(boot.resolve("initrd"), packed);

    assertThatThrownBy(this::draft).isInstanceOf(TenantException.class);
  }
}
