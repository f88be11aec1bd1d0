package dev.keystead.evidence.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Code points put into letters: two code points that are in the same of all the sets are one
 * letter. A newline that is the last code point and the end of the text are letters of their own.
 */
final class Alphabet {
  private final int[] starts;
  private final int[] letters;
  private final int[] ascii = new int[128];
  private final List<BitSet> members = new ArrayList<>();
  private final int size;

  Alphabet(List<CharSet> sets) {
    this.starts = starts(sets);
    this.letters = new int[starts.length];
    int count = 1;
    for (CharSet set : sets) {
      count = split(set, count);
    }
    this.size = count;
    for (CharSet set : sets) {
      members.add(lettersOf(set));
    }
    for (int c = 0; c < ascii.length; c++) {
      ascii[c] = search(c);
    }
  }

  /** How many letters there are; the two special ones follow. */
  int size() {
    return size + 2;
  }

  int finalNewline() {
    return size;
  }

  int end() {
    return size + 1;
  }

  int letter(int c) {
    return c < 128 ? ascii[c] : search(c);
  }

  /** Whether the letter, which is not a special one, is in set number {@code set}. */
  boolean isIn(int set, int letter) {
    return members.get(set).get(letter);
  }

  private int search(int c) {
    int found = Arrays.binarySearch(starts, c);
    return letters[found >= 0 ? found : -found - 2];
  }

  private static int[] starts(List<CharSet> sets) {
    BitSet starts = new BitSet();
    starts.set(0);
    for (CharSet set : sets) {
      for (int i = 0; i < set.rangeCount(); i++) {
        starts.set(set.first(i));
        starts.set(set.last(i) + 1);
      }
    }
    return starts.stream().toArray();
  }

  /**
   * Gives the part of each letter that is in the set a letter of its own, where that is not all.
   */
  private int split(CharSet set, int count) {
    Map<Integer, Integer> renamed = new HashMap<>();
    int next = count;
    for (int i = 0; i < set.rangeCount(); i++) {
      int k = Arrays.binarySearch(starts, set.first(i));
      for (; k < starts.length && starts[k] <= set.last(i); k++) {
        Integer name = renamed.get(letters[k]);
        if (name == null) {
          name = next++;
          renamed.put(letters[k], name);
        }
        letters[k] = name;
      }
    }
    return next;
  }

  private BitSet lettersOf(CharSet set) {
    BitSet in = new BitSet();
    for (int i = 0; i < set.rangeCount(); i++) {
      int k = Arrays.binarySearch(starts, set.first(i));
      for (; k < starts.length && starts[k] <= set.last(i); k++) {
        in.set(letters[k]);
      }
    }
    return in;
  }
}
