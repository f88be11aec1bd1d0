package dev.keystead.evidence.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A nondeterministic automaton: instructions of an operation and up to two operands. */
final class Program {
  static final int LARGEST = 50_000;

  /** The operations. */
  enum Op {
    /** Go on behind this instruction when the code point is in set x. */
    ONE,
    /** Go on at x and at y. */
    SPLIT,
    /** Go on at x. */
    JUMP,
    /** Go on behind this instruction when the place is here. */
    AT,
    /** The whole pattern has matched. */
    MATCH
  }

  private static final int MOST_SETS = 256;

  private final Map<CharSet, Integer> setNumbers = new LinkedHashMap<>();
  private Op[] ops = new Op[64];
  private int[] x = new int[64];
  private int[] y = new int[64];
  private final List<Node.Place> places = new ArrayList<>();
  private int size;
  private int classes;
  private int emitted;

  Program(Node node) {
    emit(node);
    add(Op.MATCH, 0);
  }

  int size() {
    return size;
  }

  Op op(int pc) {
    return ops[pc];
  }

  int x(int pc) {
    return x[pc];
  }

  int y(int pc) {
    return y[pc];
  }

  /** The place of an {@link Op#AT}. */
  Node.Place place(int pc) {
    return places.get(x[pc]);
  }

  /** The distinct sets of code points, by number. */
  List<CharSet> sets() {
    return new ArrayList<>(setNumbers.keySet());
  }

  boolean looksAtWords() {
    return places.contains(Node.Place.WORD_EDGE) || places.contains(Node.Place.NO_WORD_EDGE);
  }

  private void emit(Node node) {
    if (++emitted > 2 * LARGEST) {
      throw tooLarge();
    }
    switch (node) {
      case Node.One one -> add(Op.ONE, number(one.set()));
      case Node.At at -> {
        places.add(at.place());
        add(Op.AT, places.size() - 1);
      }
      case Node.Sequence sequence -> sequence.items().forEach(this::emit);
      case Node.Choice choice -> choice(choice.items());
      case Node.Repeat repeat -> repeat(repeat);
    }
  }

  private void choice(List<Node> items) {
    int[] jumps = new int[items.size() - 1];
    for (int i = 0; i < jumps.length; i++) {
      int split = add(Op.SPLIT, size + 1);
      emit(items.get(i));
      jumps[i] = add(Op.JUMP, 0);
      y[split] = size;
    }
    emit(items.getLast());
    for (int jump : jumps) {
      x[jump] = size;
    }
  }

  private void repeat(Node.Repeat repeat) {
    int last = size;
    for (int i = 0; i < repeat.min(); i++) {
      last = size;
      emit(repeat.item());
    }
    if (repeat.max() == Node.Repeat.MANY) {
      if (repeat.min() > 0) {
        int split = add(Op.SPLIT, last);
        y[split] = size;
      } else {
        int split = add(Op.SPLIT, size + 1);
        emit(repeat.item());
        add(Op.JUMP, split);
        y[split] = size;
      }
      return;
    }
    int[] splits = new int[repeat.max() - repeat.min()];
    for (int i = 0; i < splits.length; i++) {
      splits[i] = add(Op.SPLIT, size + 1);
      emit(repeat.item());
    }
    for (int split : splits) {
      y[split] = size;
    }
  }

  private int add(Op op, int operand) {
    if (size == LARGEST) {
      throw tooLarge();
    }
    if (size == ops.length) {
      ops = Arrays.copyOf(ops, 2 * size);
      x = Arrays.copyOf(x, 2 * size);
      y = Arrays.copyOf(y, 2 * size);
    }
    ops[size] = op;
    x[size] = operand;
    return size++;
  }

  private static PatternException tooLarge() {
    return new PatternException("the pattern needs more than %d steps".formatted(LARGEST));
  }

  private int number(CharSet set) {
    Integer known = setNumbers.get(set);
    if (known != null) {
      return known;
    }
    boolean wide = set.rangeCount() != 1 || set.first(0) != set.last(0);
    if (wide && ++classes > MOST_SETS) {
      throw new PatternException("more than %d different classes".formatted(MOST_SETS));
    }
    setNumbers.put(set, setNumbers.size());
    return setNumbers.size() - 1;
  }
}
