package dev.keystead.evidence;

/** The outcome of an appraisal. */
public sealed interface Appraised {
  /**
   * The evidence was judged.
   *
   * @param history to appraise the machine's next evidence with
   * @param appraisal the judgement
   */
  record Judged(History history, Appraisal appraisal) implements Appraised {}

  /**
   * The quote is good but the list is not the part that is needed now: the machine rebooted, or the
   * policy changed, since it was asked. Nothing was judged, and the machine is not to be trusted
   * for it: ask once more, at once, with a new nonce, and take a second such outcome for a failure.
   *
   * @param history to appraise the answer with; its list is asked for from the first entry
   * @param reason in words
   */
  record AskAgain(History history, String reason) implements Appraised {}
}
