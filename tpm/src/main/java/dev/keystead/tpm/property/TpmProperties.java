package dev.keystead.tpm.property;

import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.command.Capability;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * TPM_PT (Part 2, 6.13): what a TPM says about itself. Software can say anything, so {@link
 * #isSoftware} finds honest software TPMs only; hardware is shown by an EK certificate.
 *
 * @param values by property, unsigned 32-bit numbers
 */
public record TpmProperties(SortedMap<Integer, Integer> values) {
  private static final int FIXED = 0x100;
  private static final int FAMILY = 0x100;
  private static final int LEVEL = 0x101;
  private static final int REVISION = 0x102;
  private static final int MANUFACTURER = 0x105;
  private static final int VENDOR_STRING = 0x106;
  private static final int FIRMWARE_1 = 0x10b;
  private static final int FIRMWARE_2 = 0x10c;
  private static final int INPUT_BUFFER = 0x10d;
  private static final int NV_BUFFER_MAX = 0x12c;
  private static final int PART = 64;
  private static final int MAX_PARTS = 16;

  /** libtpms and IBM's simulator, Microsoft's reference code, and virtual TPMs of clouds. */
  private static final Set<String> SOFTWARE_MAKERS = Set.of("IBM", "MSFT", "XCG", "GOOG", "SW");

  /** Makes the values immutable. */
  public TpmProperties {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** Reads the fixed properties. */
  public static TpmProperties read(Tpm tpm) throws TpmException {
    SortedMap<Integer, Integer> values = new TreeMap<>();
    int next = FIXED;
    for (int i = 0; i < MAX_PARTS; i++) {
      var part = tpm.execute(new Capability.Properties(next, PART));
      values.putAll(part.values());
      if (!part.more() || part.values().isEmpty()) {
        return new TpmProperties(values);
      }
      next = part.values().lastKey() + 1;
    }
    throw new TpmException("the TPM's list of properties does not end");
  }

  /** The maker's identifier, such as {@code IBM}. */
  public String manufacturer() {
    return text(MANUFACTURER, 1);
  }

  /** The maker's name for the model. */
  public String vendorString() {
    return text(VENDOR_STRING, 4);
  }

  /** {@code 2.0}. */
  public String family() {
    return text(FAMILY, 1);
  }

  /** The specification's level and its revision times 100. */
  public String specification() {
    return "level " + value(LEVEL) + " revision " + value(REVISION);
  }

  /** The maker's firmware version, as it stands in quotes. */
  public long firmwareVersion() {
    return value(FIRMWARE_1) << 32 | value(FIRMWARE_2);
  }

  /** The most bytes that PCR_Event and hashing take at once. */
  public int inputBuffer() {
    return (int) value(INPUT_BUFFER);
  }

  /** The most bytes that one NV command reads or writes; 512 when the TPM does not say. */
  public int nvBufferMax() {
    int size = values.getOrDefault(NV_BUFFER_MAX, 0);
    return size > 0 && size <= 2048 ? size : 512;
  }

  /** Whether it calls itself a TPM made of software. */
  public boolean isSoftware() {
    return SOFTWARE_MAKERS.contains(manufacturer()) || vendorString().startsWith("SW");
  }

  private long value(int property) {
    return values.getOrDefault(property, 0) & 0xffffffffL;
  }

  private String text(int property, int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      int word = values.getOrDefault(property + i, 0);
      for (int shift = 24; shift >= 0; shift -= 8) {
        int c = word >>> shift & 0xff;
        if (c >= 0x20 && c < 0x7f) {
          text.append((char) c);
        }
      }
    }
    return text.toString().trim();
  }
}
