package dev.keystead.evidence.ima;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code binary_runtime_measurements} of a little-endian machine. */
final class BinaryImaReader implements ImaReader {
  private static final int LEGACY_DIGEST = 20;
  private static final byte[] LEGACY_ID = {'i', 'm', 'a'};

  private final byte[] list;
  private final TemplateHash hash;
  private byte[] templateId = LEGACY_ID;
  private String templateName = "ima";
  private @Nullable ImaTemplate template = ImaTemplate.find("ima").orElseThrow();
  private long number;
  private int at;

  BinaryImaReader(byte[] list, long skipped, HashAlg templateHash) {
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
    int pcr = (int) Math.min(u32("PCR"), Integer.MAX_VALUE);
    byte[] templateHash = Arrays.copyOfRange(list, at, skip(hash.size(), "template hash"));
    readTemplate(size(LONGEST_TEMPLATE, "template name"));
    if (template != null && template.isLegacy()) {
      return Optional.of(legacy(pcr, templateHash));
    }
    int length = size(LARGEST_DATA, "template data");
    int from = at;
    skip(length, "template data");
    return Optional.of(entry(pcr, templateHash, list, from, length));
  }

  private ImaEntry legacy(int pcr, byte[] templateHash) {
    byte[] data = new byte[LEGACY_DIGEST + LittleEndian.LEGACY_NAME];
    int digest = at;
    System.arraycopy(list, digest, data, 0, skip(LEGACY_DIGEST, "digest") - digest);
    int length = size(LittleEndian.LEGACY_NAME - 1, "name");
    int name = at;
    skip(length, "name");
    System.arraycopy(list, name, data, LEGACY_DIGEST, length);
    return entry(pcr, templateHash, data, 0, data.length);
  }

  private ImaEntry entry(int pcr, byte[] templateHash, byte[] data, int from, int length) {
    boolean fits = hash.fits(data, from, length, templateHash);
    return new ImaEntry(
        number, pcr, templateHash, templateName, template, data, from, length, fits);
  }

  /** Most entries have the template of the one before. */
  private void readTemplate(int length) {
    int from = at;
    skip(length, "template name");
    if (!Arrays.equals(templateId, 0, templateId.length, list, from, from + length)) {
      templateId = Arrays.copyOfRange(list, from, from + length);
      templateName = new String(templateId, StandardCharsets.ISO_8859_1);
      template = ImaTemplate.find(templateName).orElse(null);
    }
  }

  private int size(int limit, String field) {
    long size = u32(field);
    if (size > limit) {
      throw malformed("its %s has %d bytes, at most %d can be".formatted(field, size, limit));
    }
    return (int) size;
  }

  private long u32(String field) {
    int from = at;
    skip(4, field);
    return LittleEndian.u32(list, from);
  }

  private int skip(int count, String field) {
    if (count > list.length - at) {
      throw malformed("the list ends inside its " + field);
    }
    at += count;
    return at;
  }

  private EvidenceException malformed(String detail) {
    return new EvidenceException(Finding.Code.MALFORMED, "IMA entry " + number, detail);
  }
}
