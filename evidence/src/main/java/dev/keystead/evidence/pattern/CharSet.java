package dev.keystead.evidence.pattern;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/** An immutable set of code points: sorted, separate ranges, each a first and a last. */
final class CharSet {
  static final CharSet DIGIT = where(c -> Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER);
  static final CharSet WORD = where(CharSet::isWord);
  static final CharSet SPACE = where(CharSet::isSpace);
  static final CharSet NOT_NEWLINE = of('\n', '\n').negate();

  private final int[] ranges;

  private CharSet(int[] ranges) {
    this.ranges = ranges;
  }

  static CharSet of(int first, int last) {
    return new CharSet(new int[] {first, last});
  }

  /** The union of sets. */
  static CharSet union(List<CharSet> sets) {
    int[] all = new int[sets.stream().mapToInt(set -> set.ranges.length).sum()];
    int n = 0;
    for (CharSet set : sets) {
      System.arraycopy(set.ranges, 0, all, n, set.ranges.length);
      n += set.ranges.length;
    }
    return normalise(all);
  }

  private static CharSet normalise(int[] all) {
    long[] sorted = new long[all.length / 2];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = (long) all[2 * i] << 32 | all[2 * i + 1];
    }
    Arrays.sort(sorted);
    int[] out = new int[all.length];
    int n = 0;
    for (long range : sorted) {
      int first = (int) (range >>> 32);
      int last = (int) range;
      if (n > 0 && first <= out[n - 1] + 1) {
        out[n - 1] = Math.max(out[n - 1], last);
      } else {
        out[n++] = first;
        out[n++] = last;
      }
    }
    return new CharSet(Arrays.copyOf(out, n));
  }

  CharSet negate() {
    int[] out = new int[ranges.length + 2];
    int n = 0;
    int from = 0;
    for (int i = 0; i < ranges.length; i += 2) {
      if (ranges[i] > from) {
        out[n++] = from;
        out[n++] = ranges[i] - 1;
      }
      from = ranges[i + 1] + 1;
    }
    if (from <= Character.MAX_CODE_POINT) {
      out[n++] = from;
      out[n++] = Character.MAX_CODE_POINT;
    }
    return new CharSet(Arrays.copyOf(out, n));
  }

  boolean contains(int c) {
    int low = 0;
    int high = ranges.length / 2 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (c < ranges[2 * middle]) {
        high = middle - 1;
      } else if (c > ranges[2 * middle + 1]) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  int rangeCount() {
    return ranges.length / 2;
  }

  int first(int range) {
    return ranges[2 * range];
  }

  int last(int range) {
    return ranges[2 * range + 1];
  }

  private static CharSet where(IntPredicate test) {
    int[] out = new int[4096];
    int n = 0;
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (!test.test(c)) {
        continue;
      }
      if (n > 0 && out[n - 1] == c - 1) {
        out[n - 1] = c;
      } else {
        out = n == out.length ? Arrays.copyOf(out, 2 * n) : out;
        out[n++] = c;
        out[n++] = c;
      }
    }
    return new CharSet(Arrays.copyOf(out, n));
  }

  /** Python's {@code str.isalnum}, and the underscore. */
  private static boolean isWord(int c) {
    return switch (Character.getType(c)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER,
          Character.DECIMAL_DIGIT_NUMBER,
          Character.LETTER_NUMBER,
          Character.OTHER_NUMBER ->
          true;
      default -> c == '_';
    };
  }

  /** Python's {@code str.isspace}. */
  private static boolean isSpace(int c) {
    return (c >= '\t' && c <= '\r')
        || (c >= 0x1c && c <= 0x1f)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029
        || Character.getType(c) == Character.SPACE_SEPARATOR;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CharSet that && Arrays.equals(ranges, that.ranges);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ranges);
  }
}
