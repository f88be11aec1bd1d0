package dev.keystead.evidence.ima;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code ascii_runtime_measurements}. A name may hold spaces and newlines, so where an entry
 * ends is settled by its template hash: the first end at which the data made from the text hashes
 * to it. Where none does, the entry ends before the next line that begins like one, and does not
 * fit.
 */
final class AsciiImaReader implements ImaReader {
  private static final int MOST_NEWLINES = 64;
  private static final int LONGEST_ENTRY = 2 * LARGEST_DATA + 4096;
  private static final int MOST_JOINED = 64 << 20;
  private static final byte[] NOTHING = {};

  private final byte[] list;
  private final TemplateHash hash;
  private final AsciiData asciiData = new AsciiData();
  private byte[] templateId = NOTHING;
  private String templateName = "";
  private @Nullable ImaTemplate template;
  private long number;
  private int at;
  private long joined;

  AsciiImaReader(byte[] list, long skipped, HashAlg templateHash) {
    this.list = list;
    this.number = skipped;
    this.hash = new TemplateHash(templateHash);
  }

  @Override
  public Optional<ImaEntry> next() {
    if (at == list.length) {
      return Optional.empty();
    }
    number++;
    Header header = Header.read(list, at, hash.size());
    if (header == null) {
      throw malformed("the line does not begin with a PCR, a template hash and a template");
    }
    readTemplate(header);
    return Optional.of(entry(header));
  }

  /** Most entries have the template of the one before. */
  private void readTemplate(Header header) {
    int from = header.templateStart;
    int to = header.templateEnd;
    if (!Arrays.equals(templateId, 0, templateId.length, list, from, to)) {
      templateId = Arrays.copyOfRange(list, from, to);
      templateName = new String(templateId, StandardCharsets.ISO_8859_1);
      template = ImaTemplate.find(templateName).orElse(null);
    }
  }

  private ImaEntry entry(Header header) {
    boolean violation = isZero(header.templateHash);
    int text = header.templateEnd + 1;
    int end = newline(text - 1, text);
    int fallback = -1;
    byte[] fallbackData = NOTHING;
    for (int newlines = 0; newlines <= MOST_NEWLINES; newlines++) {
      boolean affordable = newlines == 0 || (joined += end - text) <= MOST_JOINED;
      byte[] data =
          template == null || !affordable ? null : asciiData.encode(template, list, text, end);
      if (data != null && hash.fits(data, 0, data.length, header.templateHash)) {
        return entry(header, data, end, true);
      }
      boolean settled = end >= list.length - 1 || Header.read(list, end + 1, hash.size()) != null;
      if (settled && violation) {
        return entry(header, data == null ? NOTHING : data, end, false);
      }
      if (settled && fallback < 0) {
        fallback = end;
        fallbackData = data == null ? NOTHING : data;
      }
      if (end >= list.length - 1 || (fallback >= 0 && !affordable)) {
        break;
      }
      end = newline(end + 1, text);
    }
    if (fallback < 0) {
      throw malformed("no line that follows begins like an entry");
    }
    return entry(header, fallbackData, fallback, false);
  }

  private ImaEntry entry(Header header, byte[] data, int end, boolean fits) {
    at = Math.min(end + 1, list.length);
    return new ImaEntry(
        number,
        header.pcr,
        header.templateHash,
        templateName,
        template,
        data,
        0,
        data.length,
        fits);
  }

  /** The next newline from {@code from} on, or the end of the list. */
  private int newline(int from, int text) {
    int limit = Math.min(list.length, text + LONGEST_ENTRY + 1);
    int end = from;
    while (end < limit && list[end] != '\n') {
      end++;
    }
    if (end - text > LONGEST_ENTRY) {
      throw malformed("it has more than %d bytes".formatted(LONGEST_ENTRY));
    }
    return end;
  }

  private static boolean isZero(byte[] bytes) {
    return Arrays.equals(bytes, new byte[bytes.length]);
  }

  private EvidenceException malformed(String detail) {
    return new EvidenceException(Finding.Code.MALFORMED, "IMA entry " + number, detail);
  }

  /** The part of a line whose form is fixed. */
  private record Header(int pcr, byte[] templateHash, int templateStart, int templateEnd) {
    /** Reads a header, or says by null that there is none. */
    static @Nullable Header read(byte[] list, int start, int hashSize) {
      int at = start < list.length && list[start] == ' ' ? start + 1 : start;
      int pcr = 0;
      int digits = at;
      while (at < list.length && at - digits < 3 && list[at] >= '0' && list[at] <= '9') {
        pcr = 10 * pcr + list[at++] - '0';
      }
      int hex = at + 1;
      int name = hex + 2 * hashSize + 1;
      if (at == digits || name >= list.length || list[at] != ' ' || list[name - 1] != ' ') {
        return null;
      }
      byte[] hash = new byte[hashSize];
      if (!AsciiData.hex(list, hex, name - 1, hash, 0)) {
        return null;
      }
      int end = name;
      while (end < list.length && list[end] > ' ' && list[end] < 0x7f) {
        if (++end - name > LONGEST_TEMPLATE) {
          return null;
        }
      }
      return end == name || end == list.length || list[end] != ' '
          ? null
          : new Header(pcr, hash, name, end);
    }
  }
}
