package dev.keystead.evidence.pattern;

/** A regular expression that is malformed, too large, or cannot be matched in linear time. */
public final class PatternException extends RuntimeException {
  /** States the fault; the message gives the offset in the pattern. */
  public PatternException(String message) {
    super(message);
  }
}
