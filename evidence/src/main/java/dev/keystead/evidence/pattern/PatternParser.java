package dev.keystead.evidence.pattern;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the subset of Python's {@code re} syntax that needs no backtracking. */
final class PatternParser {
  private static final int LONGEST = 16_384;
  private static final int DEEPEST = 100;
  private static final int MOST_REPEATS = 1_000;

  private final int[] in;
  private int at;
  private int depth;

  PatternParser(String pattern) {
    if (pattern.length() > LONGEST) {
      throw new PatternException("the pattern has more than %d characters".formatted(LONGEST));
    }
    this.in = pattern.codePoints().toArray();
  }

  Node parse() {
    Node node = choice();
    if (at < in.length) {
      throw fault("a closing bracket without an opening one");
    }
    return node;
  }

  private Node choice() {
    if (++depth > DEEPEST) {
      throw fault("groups deeper than %d".formatted(DEEPEST));
    }
    List<Node> items = new ArrayList<>();
    do {
      items.add(sequence());
    } while (take('|'));
    depth--;
    return items.size() == 1 ? items.getFirst() : new Node.Choice(items);
  }

  private Node sequence() {
    List<Node> items = new ArrayList<>();
    while (at < in.length && in[at] != '|' && in[at] != ')') {
      items.add(quantified(atom()));
    }
    return items.size() == 1 ? items.getFirst() : new Node.Sequence(items);
  }

  private Node quantified(Node item) {
    int start = at;
    Node.Repeat repeat = quantifier(item);
    if (repeat == null) {
      return item;
    }
    if (item instanceof Node.At) {
      at = start;
      throw fault("nothing to repeat");
    }
    if (!take('?') && at < in.length && in[at] == '+') {
      throw fault("possessive repetition is not supported");
    }
    start = at;
    if (quantifier(item) != null) {
      at = start;
      throw fault("a repetition of a repetition; use a group");
    }
    return repeat;
  }

  /** The quantifier here, if there is one; a brace that starts none is a literal, as in Python. */
  private Node.@Nullable Repeat quantifier(Node item) {
    if (take('*')) {
      return new Node.Repeat(item, 0, Node.Repeat.MANY);
    }
    if (take('+')) {
      return new Node.Repeat(item, 1, Node.Repeat.MANY);
    }
    if (take('?')) {
      return new Node.Repeat(item, 0, 1);
    }
    int start = at;
    if (!take('{')) {
      return null;
    }
    int min = count();
    boolean range = take(',');
    int max = range ? count() : min;
    if (!take('}') || (min < 0 && !range)) {
      at = start;
      return null;
    }
    min = Math.max(min, 0);
    if (max != Node.Repeat.MANY && max < min) {
      throw fault("a repetition whose most is less than its least");
    }
    if (Math.max(min, max) > MOST_REPEATS) {
      throw fault("a repetition of more than %d".formatted(MOST_REPEATS));
    }
    return new Node.Repeat(item, min, max);
  }

  /** A number, capped just above the bound; -1 when there is none. */
  private int count() {
    int value = -1;
    while (at < in.length && in[at] >= '0' && in[at] <= '9') {
      value = Math.min(Math.max(value, 0) * 10 + in[at++] - '0', MOST_REPEATS + 1);
    }
    return value;
  }

  private Node atom() {
    int start = at;
    int c = in[at++];
    return switch (c) {
      case '.' -> new Node.One(CharSet.NOT_NEWLINE);
      case '^' -> new Node.At(Node.Place.START);
      case '$' -> new Node.At(Node.Place.END_OF_LINE);
      case '(' -> group();
      case '[' -> new Node.One(new ClassParser(this).parse());
      case '\\' -> escape();
      case '*', '+', '?' -> {
        at = start;
        throw fault("nothing to repeat");
      }
      case '{' -> brace(start);
      default -> literal(c);
    };
  }

  private Node brace(int start) {
    at = start;
    if (quantifier(new Node.Sequence(List.of())) != null) {
      at = start;
      throw fault("nothing to repeat");
    }
    at = start + 1;
    return literal('{');
  }

  private Node group() {
    if (take('?')) {
      int kind = at < in.length ? in[at++] : -1;
      if (kind == 'P' && take('<')) {
        groupName();
      } else if (kind != ':') {
        at -= kind < 0 ? 1 : 2;
        throw fault(refusal(kind));
      }
    }
    Node inner = choice();
    if (!take(')')) {
      throw fault("a group that is not closed");
    }
    return inner instanceof Node.At || inner instanceof Node.Repeat
        ? new Node.Sequence(List.of(inner))
        : inner;
  }

  private static String refusal(int kind) {
    return switch (kind) {
      case '=', '!', '<' -> "look-ahead and look-behind are not supported";
      case 'P' -> "references to groups are not supported";
      case '>' -> "atomic groups are not supported";
      case '(' -> "conditional groups are not supported";
      case '#' -> "comments are not supported";
      default -> "flags and other extensions are not supported";
    };
  }

  private void groupName() {
    int start = at;
    while (at < in.length && CharSet.WORD.contains(in[at])) {
      at++;
    }
    if (at == start || CharSet.DIGIT.contains(in[start]) || !take('>')) {
      throw fault("a group's name that is not one");
    }
  }

  private Node escape() {
    if (at >= in.length) {
      throw fault("a backslash at the end");
    }
    int c = in[at];
    Node.Place place =
        switch (c) {
          case 'A' -> Node.Place.START;
          case 'Z' -> Node.Place.END;
          case 'b' -> Node.Place.WORD_EDGE;
          case 'B' -> Node.Place.NO_WORD_EDGE;
          default -> null;
        };
    if (place != null) {
      at++;
      return new Node.At(place);
    }
    if (c >= '1' && c <= '9') {
      throw fault("references to groups are not supported");
    }
    return new Node.One(escapedSet());
  }

  /** What the escape whose letter is next stands for, in a class or outside one. */
  CharSet escapedSet() {
    if (at >= in.length) {
      throw fault("a backslash at the end");
    }
    int c = in[at++];
    return switch (c) {
      case 'd' -> CharSet.DIGIT;
      case 'D' -> CharSet.DIGIT.negate();
      case 'w' -> CharSet.WORD;
      case 'W' -> CharSet.WORD.negate();
      case 's' -> CharSet.SPACE;
      case 'S' -> CharSet.SPACE.negate();
      case 'a' -> CharSet.of(7, 7);
      case 'f' -> CharSet.of('\f', '\f');
      case 'n' -> CharSet.of('\n', '\n');
      case 'r' -> CharSet.of('\r', '\r');
      case 't' -> CharSet.of('\t', '\t');
      case 'v' -> CharSet.of(11, 11);
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      case 'U' -> hex(8);
      case '0' -> octal();
      default -> {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '1' && c <= '9')) {
          at--;
          throw fault("an unknown escape");
        }
        yield CharSet.of(c, c);
      }
    };
  }

  private CharSet hex(int digits) {
    long value = 0;
    for (int i = 0; i < digits; i++) {
      if (at >= in.length || in[at] > 'f' || Character.digit(in[at], 16) < 0) {
        throw fault("an escape without %d hex digits".formatted(digits));
      }
      value = value << 4 | Character.digit(in[at++], 16);
    }
    if (value > Character.MAX_CODE_POINT) {
      throw fault("not a code point");
    }
    return CharSet.of((int) value, (int) value);
  }

  private CharSet octal() {
    int value = 0;
    for (int i = 0; i < 2 && at < in.length && in[at] >= '0' && in[at] <= '7'; i++) {
      value = value * 8 + in[at++] - '0';
    }
    return CharSet.of(value, value);
  }

  private static Node literal(int c) {
    return new Node.One(CharSet.of(c, c));
  }

  /** Takes the next code point if it is {@code c}. */
  boolean take(int c) {
    if (at < in.length && in[at] == c) {
      at++;
      return true;
    }
    return false;
  }

  /** The next code point without taking it; -1 at the end. */
  int peek() {
    return at < in.length ? in[at] : -1;
  }

  /** Takes the next code point. */
  int next() {
    return in[at++];
  }

  PatternException fault(String what) {
    return new PatternException("offset %d: %s".formatted(at, what));
  }
}
