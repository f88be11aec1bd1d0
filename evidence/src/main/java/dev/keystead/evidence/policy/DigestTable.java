package dev.keystead.evidence.policy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The digests that are allowed for each name. One byte array holds all digests of a name, each
 * after its size, so that a table of many thousand names stays small.
 */
final class DigestTable {
  private static final int MOST_SHOWN = 4;

  private final Map<String, byte[]> table;

  private DigestTable(Map<String, byte[]> table) {
    this.table = table;
  }

  int size() {
    return table.size();
  }

  boolean lists(String name) {
    return table.containsKey(name);
  }

  /** Whether the digest is one of those of the name. Digests in a policy are no secrets. */
  boolean allows(String name, byte[] digest) {
    byte[] packed = table.get(name);
    if (packed == null) {
      return false;
    }
    for (int at = 0; at < packed.length; at += 1 + packed[at]) {
      if (Arrays.equals(packed, at + 1, at + 1 + packed[at], digest, 0, digest.length)) {
        return true;
      }
    }
    return false;
  }

  /** The digests of a name in words. */
  String words(String name) {
    StringJoiner words = new StringJoiner(" or ");
    byte @Nullable [] packed = table.get(name);
    int shown = 0;
    for (int at = 0; packed != null && at < packed.length; at += 1 + packed[at]) {
      if (++shown > MOST_SHOWN) {
        words.add("others");
        break;
      }
      words.add(HexFormat.of().formatHex(packed, at + 1, at + 1 + packed[at]));
    }
    return words.toString();
  }

  /** Collects a table. */
  static final class Builder {
    private final Map<String, byte[]> table = new HashMap<>();

    void put(String name, List<byte[]> digests) {
      byte[] packed = new byte[digests.stream().mapToInt(digest -> digest.length + 1).sum()];
      int at = 0;
      for (byte[] digest : digests) {
        packed[at++] = (byte) digest.length;
        System.arraycopy(digest, 0, packed, at, digest.length);
        at += digest.length;
      }
      table.put(name, packed);
    }

    DigestTable build() {
      return new DigestTable(table);
    }
  }
}
