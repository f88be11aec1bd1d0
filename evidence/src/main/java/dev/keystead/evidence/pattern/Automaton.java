package dev.keystead.evidence.pattern;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program over a text by sets of states, and remembers the sets it met: a deterministic
 * automaton that is built while it is used. The memory is bounded; when it is full it starts anew,
 * and the time stays within text length times program size.
 */
final class Automaton {
  private static final int MOST_CELLS = 1 << 20;

  private final Program program;
  private final Alphabet alphabet;
  private final int wordSet;
  private volatile Memory memory;

  Automaton(Program program) {
    this.program = program;
    List<CharSet> sets = program.sets();
    if (program.looksAtWords()) {
      wordSet = sets.contains(CharSet.WORD) ? sets.indexOf(CharSet.WORD) : sets.size();
      if (wordSet == sets.size()) {
        sets.add(CharSet.WORD);
      }
    } else {
      wordSet = -1;
    }
    this.alphabet = new Alphabet(sets);
    this.memory = new Memory();
  }

  /** The states that the last code point led to, before places are looked at. */
  private record Key(BitSet states, boolean atStart, boolean afterWord) {}

  /** One letter's way: where it leads, and whether the pattern had matched before the letter. */
  private record Edge(State target, boolean matched) {}

  private static final class State {
    final Key key;
    final AtomicReferenceArray<@Nullable Edge> edges;

    State(Key key, int letters) {
      this.key = key;
      this.edges = new AtomicReferenceArray<>(letters);
    }
  }

  private final class Memory {
    final ConcurrentHashMap<Key, State> states = new ConcurrentHashMap<>();
    final AtomicLong cells = new AtomicLong();
    final State start;

    Memory() {
      BitSet first = new BitSet();
      first.set(0);
      start = state(new Key(first, true, false));
    }

    State state(Key key) {
      return states.computeIfAbsent(
          key,
          k -> {
            cells.addAndGet(alphabet.size() + k.states().size() / 64 + 16L);
            return new State(k, alphabet.size());
          });
    }
  }

  /**
   * Whether the pattern matches a beginning of the text, or all of it.
   *
   * @param work is raised by the steps taken
   */
  boolean run(String text, boolean all, AtomicLong work) {
    Memory known = memory;
    State state = known.start;
    int at = 0;
    while (true) {
      int letter;
      if (at == text.length()) {
        letter = alphabet.end();
      } else {
        int c = text.codePointAt(at);
        at += Character.charCount(c);
        letter = c == '\n' && at == text.length() ? alphabet.finalNewline() : alphabet.letter(c);
      }
      work.setPlain(work.getPlain() + 1);
      Edge edge = state.edges.getAcquire(letter);
      if (edge == null) {
        if (known.cells.get() > MOST_CELLS) {
          known = new Memory();
          memory = known;
        }
        edge = follow(state.key, letter, known, work);
        state.edges.setRelease(letter, edge);
      }
      if (letter == alphabet.end() || (edge.matched() && !all)) {
        return edge.matched();
      }
      state = edge.target();
      if (state.key.states().isEmpty()) {
        return false;
      }
    }
  }

  private Edge follow(Key from, int letter, Memory known, AtomicLong work) {
    boolean end = letter == alphabet.end();
    boolean newline = letter == alphabet.finalNewline();
    int plain = newline ? alphabet.letter('\n') : letter;
    boolean word = wordSet >= 0 && !end && alphabet.isIn(wordSet, plain);
    BitSet seen = new BitSet();
    BitSet next = new BitSet();
    int[] stack = new int[64];
    int depth = 0;
    boolean matched = false;
    for (int first = from.states().nextSetBit(0);
        first >= 0;
        first = from.states().nextSetBit(first + 1)) {
      stack[depth++] = first;
      while (depth > 0) {
        int pc = stack[--depth];
        if (seen.get(pc)) {
          continue;
        }
        seen.set(pc);
        work.setPlain(work.getPlain() + 1);
        stack = depth + 2 > stack.length ? Arrays.copyOf(stack, 2 * stack.length) : stack;
        switch (program.op(pc)) {
          case MATCH -> matched = true;
          case JUMP -> stack[depth++] = program.x(pc);
          case SPLIT -> {
            stack[depth++] = program.y(pc);
            stack[depth++] = program.x(pc);
          }
          case AT -> {
            if (holds(program.place(pc), from, end, newline, word)) {
              stack[depth++] = pc + 1;
            }
          }
          case ONE -> {
            if (!end && alphabet.isIn(program.x(pc), plain)) {
              next.set(pc + 1);
            }
          }
        }
      }
    }
    return new Edge(known.state(new Key(next, false, word)), matched);
  }

  private static boolean holds(
      Node.Place place, Key from, boolean end, boolean newline, boolean word) {
    return switch (place) {
      case START -> from.atStart();
      case END -> end;
      case END_OF_LINE -> end || newline;
      case WORD_EDGE -> from.afterWord() != word;
      case NO_WORD_EDGE -> from.afterWord() == word;
    };
  }
}
