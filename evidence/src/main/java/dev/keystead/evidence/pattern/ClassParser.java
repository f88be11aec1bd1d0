package dev.keystead.evidence.pattern;

import java.util.ArrayList;
import java.util.List;

/** Reads a bracketed class whose opening bracket is taken. */
final class ClassParser {
  private static final int MOST_ITEMS = 1_000;

  private final PatternParser in;

  ClassParser(PatternParser in) {
    this.in = in;
  }

  CharSet parse() {
    boolean negated = in.take('^');
    List<CharSet> items = new ArrayList<>();
    do {
      CharSet first = item();
      items.add(in.peek() == '-' ? range(first, items) : first);
      if (items.size() > MOST_ITEMS) {
        throw in.fault("a class of more than %d items".formatted(MOST_ITEMS));
      }
    } while (!in.take(']'));
    CharSet set = CharSet.union(items);
    return negated ? set.negate() : set;
  }

  /** What follows a first item and a hyphen: a range, or the closing bracket. */
  private CharSet range(CharSet first, List<CharSet> items) {
    in.next();
    if (in.peek() == ']') {
      items.add(first);
      return CharSet.of('-', '-');
    }
    CharSet last = item();
    if (!isOne(first) || !isOne(last)) {
      throw in.fault("a range whose end is a class");
    }
    if (first.first(0) > last.first(0)) {
      throw in.fault("a range that runs backwards");
    }
    return CharSet.of(first.first(0), last.first(0));
  }

  private static boolean isOne(CharSet set) {
    return set.rangeCount() == 1 && set.first(0) == set.last(0);
  }

  private CharSet item() {
    if (in.peek() < 0) {
      throw in.fault("a class that is not closed");
    }
    int c = in.next();
    if (c != '\\') {
      return CharSet.of(c, c);
    }
    return in.take('b') ? CharSet.of('\b', '\b') : in.escapedSet();
  }
}
