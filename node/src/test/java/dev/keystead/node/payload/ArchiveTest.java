package dev.keystead.node.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of an owner, and those of somebody who has the owner's key. */
class ArchiveTest {
  private static final int LIMIT = 1 << 20;
  private static final List<String> RESERVED = List.of("derived_tci_key");

  @TempDir Path directory;

  @Test
  void anOrdinaryArchiveIsUnpackedPrivately() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("keys/"));
      zip.putNextEntry(new ZipEntry("keys/service.pem"));
      zip.write("secret".getBytes(StandardCharsets.UTF_8));
      zip.putNextEntry(new ZipEntry("deep/er/file"));
      zip.write(new byte[60_000]);
    }
    Archive archive = parse(bytes.toByteArray());
    archive.unpackInto(directory);
    assertThat(archive.size()).isEqualTo(3);
    assertThat(directory.resolve("keys/service.pem")).hasContent("secret");
    assertThat(Files.size(directory.resolve("deep/er/file"))).isEqualTo(60_000);
    assertThat(mode("keys/service.pem")).isEqualTo("rw-------");
    assertThat(mode("deep")).isEqualTo("rwx------");
  }

  @Test
  void anArchiveOfPythonsZipfileIsUnpacked() throws Exception {
    RawZip.Item stored = new RawZip.Item("autorun.sh", ascii("echo hello\n"));
    stored.method = 0;
    stored.packed = ascii("echo hello\n");
    parse(new RawZip().add(stored).bytes()).unpackInto(directory);
    assertThat(directory.resolve("autorun.sh")).hasContent("echo hello\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil",
        "a/../../evil",
        "/etc/passwd",
        "a//b",
        "./a",
        "a/.",
        "a\\..\\b",
        "C:evil",
        "a\0b",
        "a\nb",
        "\u00e9",
        "a/../b",
        "..",
        "/",
        ""
      })
  void aNameThatLeavesTheDirectoryOrIsNotPlainIsRefused(String name) {
    refuse(new RawZip().add(name, "x").bytes(), "name");
  }

  @ParameterizedTest
  @ValueSource(ints = {0xa1ff, 0x61b6, 0x21b6, 0x11b6, 0xc1ff, 0x41ed})
  void aLinkADeviceOrAMislabelledDirectoryIsRefused(int mode) {
    RawZip.Item item = new RawZip.Item("link", ascii("/etc/shadow"));
    item.mode = mode;
    refuse(new RawZip().add(item).bytes(), "a link, a device or another special file");
  }

  @Test
  void theSameNameTwiceIsRefused() {
    refuse(new RawZip().add("a", "1").add("a", "2").bytes(), "share the name");
  }

  @Test
  void namesThatDifferInCaseAloneAreRefused() {
    refuse(new RawZip().add("Script", "1").add("sCRIPT", "2").bytes(), "share the name");
  }

  @Test
  void aFileThatIsAlsoADirectoryIsRefused() {
    refuse(new RawZip().add("a", "1").add("a/b", "2").bytes(), "share the name");
    refuse(new RawZip().add("a/b", "1").add("A", "2").bytes(), "share the name");
  }

  @Test
  void ourOwnFilesCannotBeReplaced() {
    refuse(new RawZip().add("DERIVED_tci_key", "x").bytes(), "share the name");
  }

  @Test
  void aZipBombIsRefusedBeforeItIsInflated() {
    refuse(new RawZip().add(new RawZip.Item("bomb", new byte[LIMIT])).bytes(), "100 times");
  }

  @Test
  void filesThatAreTooMuchTogetherAreRefused() {
    RawZip zip = new RawZip();
    byte[] noise = new byte[LIMIT / 2 + 1];
    new java.util.Random(7).nextBytes(noise);
    zip.add(new RawZip.Item("a", noise)).add(new RawZip.Item("b", noise));
    refuse(zip.bytes(), "more than 1048576 bytes when unpacked");
  }

  @Test
  void entriesThatShareTheirDataAreRefused() {
    RawZip.Item item = new RawZip.Item("a", new byte[60_000]);
    RawZip.Item again = new RawZip.Item("b", new byte[60_000]);
    again.localName = item.name;
    RawZip zip = new RawZip().add(item);
    refuse(zip.addOverlapping(again, 0).bytes(), "overlap");
  }

  @Test
  void tooManyEntriesAreRefused() {
    RawZip zip = new RawZip();
    for (int i = 0; i <= Archive.MAX_ENTRIES; i++) {
      zip.add("f" + i, "");
    }
    refuse(zip.bytes(), "1025 entries");
  }

  @Test
  void aSizeThatIsSmallerThanTheDataIsRefused() {
    RawZip.Item item = new RawZip.Item("a", ascii("hello"));
    item.unpackedSize = 4;
    refuse(new RawZip().add(item).bytes(), "does not unpack to its size");
  }

  @Test
  void aSizeThatIsLargerThanTheDataIsRefused() {
    RawZip.Item item = new RawZip.Item("a", ascii("hello"));
    item.unpackedSize = 6;
    refuse(new RawZip().add(item).bytes(), "does not unpack to its size");
  }

  @Test
  void aWrongCrcIsRefused() {
    RawZip.Item item = new RawZip.Item("a", ascii("hello"));
    item.crc++;
    refuse(new RawZip().add(item).bytes(), "CRC");
  }

  @Test
  void anEncryptedEntryIsRefused() {
    RawZip.Item item = new RawZip.Item("a", ascii("hello"));
    item.flags = 1;
    refuse(new RawZip().add(item).bytes(), "encrypted");
  }

  @Test
  void aLocalHeaderWithAnotherNameIsRefused() {
    RawZip.Item item = new RawZip.Item("good", ascii("hello"));
    item.localName = ascii("evil");
    refuse(new RawZip().add(item).bytes(), "contradicts");
  }

  @Test
  void anUnknownMethodIsRefused() {
    RawZip.Item item = new RawZip.Item("a", ascii("hello"));
    item.method = 12;
    refuse(new RawZip().add(item).bytes(), "method 12");
  }

  @Test
  void bytesBeforeOrBehindAreRefused() {
    byte[] zip = new RawZip().add("a", "x").bytes();
    refuse(Arrays.copyOf(zip, zip.length + 1), "cut off");
    byte[] shifted = new byte[zip.length + 1];
    System.arraycopy(zip, 0, shifted, 1, zip.length);
    refuse(shifted, "not where the archive says");
  }

  @Test
  void anArchiveCutAtAnyByteIsRefused() {
    byte[] zip = new RawZip().add("a", "hello").add("b/c", "world").bytes();
    for (int size = 0; size < zip.length; size++) {
      byte[] cut = Arrays.copyOf(zip, size);
      assertThatThrownBy(() -> parse(cut)).isInstanceOf(PayloadException.class);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void anyBytesAreUnpackedOrRefused(FuzzedDataProvider data) {
    try {
      Archive archive = parse(data.consumeRemainingAsBytes());
      assertThat(archive.size()).isLessThanOrEqualTo(Archive.MAX_ENTRIES);
    } catch (PayloadException refused) {
      assertThat(refused).hasMessageMatching(".+");
    }
  }

  @Test
  void twentyThousandSingleByteChangesNeverEscapeTheBounds() {
    byte[] zip = new RawZip().add("a", "hello hello hello").add("b/c", "world").bytes();
    java.util.Random random = new java.util.Random(11);
    int refused = 0;
    int largest = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = zip.clone();
      changed[random.nextInt(zip.length)] ^= (byte) (1 + random.nextInt(255));
      try {
        largest = Math.max(largest, parse(changed).size());
      } catch (PayloadException e) {
        refused++;
      }
    }
    assertThat(largest).isEqualTo(2);
    assertThat(refused).isGreaterThan(10_000);
  }

  private static void refuse(byte[] zip, String reason) {
    assertThatThrownBy(() -> parse(zip))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining(reason);
  }

  private static Archive parse(byte[] zip) throws PayloadException {
    return Archive.parse(zip, LIMIT, RESERVED);
  }

  private String mode(String name) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name)));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
