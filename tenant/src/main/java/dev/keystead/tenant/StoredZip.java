package dev.keystead.tenant;

import dev.keystead.keylime.bootstrap.Payload;
import dev.keystead.tenant.TenantException.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes the zip of a payload: plain names in one folder, stored and not compressed. */
final class StoredZip {
  /** What an entry may be called: agents refuse paths, and so does this. */
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,199}");

  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  private StoredZip() {}

  static byte[] of(SequencedMap<String, byte[]> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(header(entry.getKey(), entry.getValue()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (bytes.size() > Payload.MAX_PLAIN) {
      throw new TenantException(
          Problem.BAD_INPUT,
          "the payload package has %d bytes, and agents take %d at most. Include fewer or smaller files"
              .formatted(bytes.size(), Payload.MAX_PLAIN));
    }
    return bytes.toByteArray();
  }

  private static ZipEntry header(String name, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    entry.setTimeLocal(EPOCH);
    return entry;
  }
}
