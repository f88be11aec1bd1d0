package dev.keystead.evidence.policy;

/**
 * One way in which two runtime policies differ in what they allow.
 *
 * @param effect whether the second allows more there, or less
 * @param words a sentence for people, with names and digests
 */
public record PolicyChange(Effect effect, String words) {
  /** What becomes of a machine that does this. */
  public enum Effect {
    /** It is trusted now, and was not before. */
    ALLOWS,
    /** It is no longer trusted. */
    FORBIDS,
    /** Lists have to be of another kind. */
    CHANGES
  }
}
