package dev.keystead.tenant;

/** What became of a request to forget an agent. */
public enum Removal {
  /** It was known, and is not any more. */
  REMOVED,
  /** It was not known. */
  WAS_UNKNOWN,
  /** It was not to be forgotten there. */
  NOT_ASKED
}
