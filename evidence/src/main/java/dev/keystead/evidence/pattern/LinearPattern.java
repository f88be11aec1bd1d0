package dev.keystead.evidence.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A regular expression in the syntax of Python's {@code re}, over Unicode code points, without what
 * cannot be matched in linear time: no references to groups, no look-around, no conditions, no
 * atomic groups, no possessive repetition. Flags and comments are not taken either. Groups only
 * group, and lazy repetition is the same as greedy, since only whether there is a match is asked.
 *
 * <p>Matching takes at most a number of steps proportional to the length of the text times the size
 * of the pattern, for any pattern and text, and usually one step for each code point. A pattern is
 * safe for use by many threads.
 */
public final class LinearPattern {
  private final String source;
  private final Automaton automaton;

  private LinearPattern(String source, Node node) {
    this.source = source;
    this.automaton = new Automaton(new Program(node));
  }

  /**
   * Compiles one pattern.
   *
   * @throws PatternException when it is malformed, too large, or not in the subset
   */
  public static LinearPattern compile(String pattern) {
    return new LinearPattern(pattern, new PatternParser(pattern).parse());
  }

  /**
   * Compiles patterns into one that matches when any of them does; none match nothing.
   *
   * @throws PatternException when one is malformed, or all together are too large; the message
   *     counts the patterns from 1
   */
  public static LinearPattern anyOf(List<String> patterns) {
    List<Node> nodes = new ArrayList<>(patterns.size());
    for (String pattern : patterns) {
      try {
        nodes.add(new PatternParser(pattern).parse());
      } catch (PatternException e) {
        throw new PatternException("pattern %d, %s".formatted(nodes.size() + 1, e.getMessage()));
      }
    }
    Node any =
        nodes.isEmpty()
            ? new Node.One(CharSet.of(0, Character.MAX_CODE_POINT).negate())
            : new Node.Choice(nodes);
    return new LinearPattern(String.join("|", patterns), any);
  }

  /** Whether a beginning of the text matches, as Python's {@code re.match} says. */
  public boolean matchesPrefix(String text) {
    return automaton.run(text, false, new AtomicLong());
  }

  /** Whether the whole text matches, as Python's {@code re.fullmatch} says. */
  public boolean matchesAll(String text) {
    return automaton.run(text, true, new AtomicLong());
  }

  /** The steps that {@link #matchesPrefix} takes for this text, with what is remembered so far. */
  long work(String text) {
    AtomicLong work = new AtomicLong();
    automaton.run(text, false, work);
    return work.get();
  }

  /** The pattern as it was given; several joined by bars. */
  @Override
  public String toString() {
    return source;
  }
}
