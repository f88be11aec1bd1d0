package dev.keystead.evidence.ima;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an entry's data is made of: one of the kernel's templates by name, or a description such as
 * {@code d-ng|n-ng|sig}.
 *
 * @param name as it stands in the list
 * @param fields in order, each once
 */
public record ImaTemplate(String name, List<ImaField> fields) {
  private static final int MOST_FIELDS = 16;

  private static final Map<String, String> NAMED =
      Map.of(
          "ima", "d|n",
          "ima-ng", "d-ng|n-ng",
          "ima-sig", "d-ng|n-ng|sig",
          "ima-ngv2", "d-ngv2|n-ng",
          "ima-sigv2", "d-ngv2|n-ng|sig",
          "ima-buf", "d-ng|n-ng|buf",
          "ima-modsig", "d-ng|n-ng|sig|d-modsig|modsig",
          "evm-sig", "d-ng|n-ng|evmsig|xattrnames|xattrlengths|xattrvalues|iuid|igid|imode");

  /** Copies the fields. */
  public ImaTemplate {
    fields = List.copyOf(fields);
  }

  /** The template of a name or description; none when a part of it is not known. */
  public static Optional<ImaTemplate> find(String name) {
    String description = NAMED.getOrDefault(name, name);
    List<ImaField> fields = new ArrayList<>();
    for (String id : description.split("\\|", MOST_FIELDS + 1)) {
      Optional<ImaField> field = ImaField.of(id);
      if (field.isEmpty() || fields.contains(field.get())) {
        return Optional.empty();
      }
      fields.add(field.get());
    }
    return Optional.of(new ImaTemplate(name, fields));
  }

  /** The first template, whose data has no lengths and whose name is padded to 256 bytes. */
  boolean isLegacy() {
    return name.equals("ima");
  }

  /**
   * Where each field of the data lies: start and end of each, in order.
   *
   * @return null when the lengths do not add up
   */
  int @Nullable [] layout(byte[] data, int from, int length) {
    return isLegacy() ? legacyLayout(data, from, length) : fieldLayout(data, from, length);
  }

  private static int @Nullable [] legacyLayout(byte[] data, int from, int length) {
    int name = from + length - LittleEndian.LEGACY_NAME;
    if (name <= from) {
      return null;
    }
    int end = name;
    while (end < from + length && data[end] != 0) {
      end++;
    }
    return new int[] {from, name, name, end};
  }

  private int @Nullable [] fieldLayout(byte[] data, int from, int length) {
    int[] layout = new int[2 * fields.size()];
    int at = from;
    int end = from + length;
    for (int i = 0; i < fields.size(); i++) {
      if (end - at < 4) {
        return null;
      }
      long size = LittleEndian.u32(data, at);
      at += 4;
      if (size > end - at) {
        return null;
      }
      layout[2 * i] = at;
      at += (int) size;
      layout[2 * i + 1] = at;
    }
    return at == end ? layout : null;
  }
}
