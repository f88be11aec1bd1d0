package dev.keystead.evidence.ima;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a measurement list. It may refer to the list's bytes, which must not change; take
 * out what is needed and let it go.
 */
public final class ImaEntry {
  private final long number;
  private final int pcr;
  private final byte[] templateHash;
  private final String templateName;
  private final @Nullable ImaTemplate template;
  private final byte[] buffer;
  private final int from;
  private final int length;
  private final boolean fits;
  private int @Nullable [] layout;

  ImaEntry(
      long number,
      int pcr,
      byte[] templateHash,
      String templateName,
      @Nullable ImaTemplate template,
      byte[] buffer,
      int from,
      int length,
      boolean fits) {
    this.number = number;
    this.pcr = pcr;
    this.templateHash = templateHash;
    this.templateName = templateName;
    this.template = template;
    this.buffer = buffer;
    this.from = from;
    this.length = length;
    this.fits = fits;
  }

  /** Its place in the machine's whole list; the first is 1. */
  public long number() {
    return number;
  }

  /** The PCR that it says it extended. */
  public int pcr() {
    return pcr;
  }

  /** The template hash as the list states it. */
  public byte[] templateHash() {
    return templateHash;
  }

  /** The template's name or description as the list states it. */
  public String templateName() {
    return templateName;
  }

  /** The template, if it is known. */
  public Optional<ImaTemplate> template() {
    return Optional.ofNullable(template);
  }

  /**
   * Whether it records a violation: the file changed while it was measured, so its digest says
   * nothing, and the PCR was extended with ones.
   */
  public boolean isViolation() {
    for (byte b : templateHash) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether the data hashes to the template hash; a violation's data is bound by nothing. */
  public boolean fits() {
    return fits;
  }

  /** What the kernel extends the PCR of this bank with: ones for a violation. */
  public Digest extension(HashAlg bank) {
    byte[] value = new byte[bank.size()];
    if (isViolation()) {
      Arrays.fill(value, (byte) 0xff);
    } else {
      MessageDigest digest = bank.digest();
      update(digest);
      value = digest.digest();
    }
    return Digest.of(bank, value);
  }

  /** Adds the measured template data to a digest. */
  void update(MessageDigest digest) {
    digest.update(buffer, from, length);
  }

  /** How many bytes the measured template data has. */
  public int dataLength() {
    return length;
  }

  /**
   * The bytes of a field; none when the template does not have it.
   *
   * @throws EvidenceException with IMA_ENTRY_MISMATCH when the data is not made as its template
   *     says
   */
  public Optional<byte[]> bytes(ImaField field) {
    int start = start(field);
    return start < 0
        ? Optional.empty()
        : Optional.of(Arrays.copyOfRange(buffer, start, end(field)));
  }

  /**
   * The name of the file or buffer; bytes that are not UTF-8 become unpaired surrogates.
   *
   * @throws EvidenceException with IMA_ENTRY_MISMATCH when there is none
   */
  public String name() {
    int start = start(ImaField.N_NG);
    if (start >= 0) {
      int end = end(ImaField.N_NG) - 1;
      if (end < start || buffer[end] != 0) {
        throw malformed("its name does not end with a zero byte");
      }
      return name(start, end);
    }
    start = start(ImaField.N);
    if (start < 0) {
      throw malformed("its template has no name");
    }
    return name(start, end(ImaField.N));
  }

  private String name(int start, int end) {
    for (int i = start; i < end; i++) {
      if (buffer[i] == 0) {
        throw malformed("its name has a zero byte inside");
      }
    }
    return FileName.decode(buffer, start, end);
  }

  /**
   * The digest of the file or buffer.
   *
   * @throws EvidenceException with IMA_ENTRY_MISMATCH when there is none
   */
  public MeasuredDigest digest() {
    for (ImaField field : new ImaField[] {ImaField.D_NG, ImaField.D_NGV2}) {
      int start = start(field);
      if (start >= 0) {
        return labelled(start, end(field));
      }
    }
    byte[] bare = bytes(ImaField.D).orElseThrow(() -> malformed("its template has no digest"));
    return new MeasuredDigest(bare.length == 16 ? "md5" : "sha1", bare);
  }

  private MeasuredDigest labelled(int start, int end) {
    int zero = start;
    while (zero < end && buffer[zero] != 0) {
      zero++;
    }
    if (zero == end || zero == start || buffer[zero - 1] != ':') {
      throw malformed("its digest has no algorithm");
    }
    String label = new String(buffer, start, zero - 1 - start, StandardCharsets.ISO_8859_1);
    return new MeasuredDigest(label, Arrays.copyOfRange(buffer, zero + 1, end));
  }

  /** {@code "IMA entry 78, /usr/bin/evil"}, with whatever of it can be read. */
  public String where() {
    try {
      return "IMA entry %d, %s".formatted(number, FileName.printable(name()));
    } catch (EvidenceException e) {
      return "IMA entry " + number;
    }
  }

  /** The template hash in hex. */
  public String templateHashHex() {
    return HexFormat.of().formatHex(templateHash);
  }

  private int start(ImaField field) {
    int index = index(field);
    return index < 0 ? -1 : layout()[2 * index];
  }

  private int end(ImaField field) {
    return layout()[2 * index(field) + 1];
  }

  private int index(ImaField field) {
    return template == null ? -1 : template.fields().indexOf(field);
  }

  private int[] layout() {
    int[] known = layout;
    if (known == null) {
      known = template == null ? null : template.layout(buffer, from, length);
      if (known == null) {
        throw malformed("its data is not made as template " + templateName + " says");
      }
      layout = known;
    }
    return known;
  }

  private EvidenceException malformed(String detail) {
    return new EvidenceException(Finding.Code.IMA_ENTRY_MISMATCH, "IMA entry " + number, detail);
  }
}
