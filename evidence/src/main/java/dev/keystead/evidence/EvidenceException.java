package dev.keystead.evidence;

/**
 * Evidence that is refused, with the finding that says why. It has no stack trace: the finding says
 * all, and one hostile list may be refused a million times over.
 */
public final class EvidenceException extends RuntimeException {
  private final transient Finding finding;

  /** Refuses for one reason. */
  public EvidenceException(Finding finding) {
    super(finding.where() + ": " + finding.detail(), null, false, false);
    this.finding = finding;
  }

  /** Refuses for one reason. */
  public EvidenceException(Finding.Code code, String where, String detail) {
    this(new Finding(code, where, detail));
  }

  /** Why. */
  public Finding finding() {
    return finding;
  }
}
