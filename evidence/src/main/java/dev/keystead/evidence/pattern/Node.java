package dev.keystead.evidence.pattern;

import java.util.List;

/** A parsed regular expression. */
sealed interface Node {
  /** One code point of the set. */
  record One(CharSet set) implements Node {}

  /** All items after one another; none is the empty text. */
  record Sequence(List<Node> items) implements Node {}

  /** Any of the items. */
  record Choice(List<Node> items) implements Node {}

  /** The item at least {@code min} times, at most {@code max} times; {@link #MANY} is no bound. */
  record Repeat(Node item, int min, int max) implements Node {
    static final int MANY = -1;
  }

  /** A position. */
  record At(Place place) implements Node {}

  /** Positions that need no memory but the code points beside them. */
  enum Place {
    /** Before the first code point. */
    START,
    /** After the last code point. */
    END,
    /** After the last code point, or before a newline that is the last. */
    END_OF_LINE,
    /** Between a word character and another, or the text's edge. */
    WORD_EDGE,
    /** Where there is no word edge. */
    NO_WORD_EDGE
  }
}
