package dev.keystead.tenant;

import dev.keystead.evidence.EvidenceException;

/**
 * An operation of the owner that ended without success. The message says in words what happened, to
 * what, and what can be done; it never holds a secret.
 */
public final class TenantException extends RuntimeException {
  /** What kind of failure. */
  public enum Problem {
    /** A server or agent cannot be reached, or not in time. */
    UNREACHABLE,
    /** A server or agent said no. */
    REFUSED,
    /** A server or agent answered what is no answer. */
    BAD_REPLY,
    /** The agent is not known where it must be. */
    UNKNOWN_AGENT,
    /** The agent did not prove its identity, or is not trusted by its verifier. */
    NOT_TRUSTED,
    /** A file or option of the owner cannot be used. */
    BAD_INPUT
  }

  private final Problem problem;

  /** Fails with a text for people. */
  public TenantException(Problem problem, String message) {
    super(message);
    this.problem = problem;
  }

  /** Fails because of another exception. */
  public TenantException(Problem problem, String message, Throwable cause) {
    super(message, cause);
    this.problem = problem;
  }

  /** An agent whose evidence is refused. */
  static TenantException notTrusted(String what, EvidenceException e, String advice) {
    return new TenantException(
        Problem.NOT_TRUSTED, what + ": " + e.getMessage() + ". " + advice, e);
  }

  /** What kind of failure. */
  public Problem problem() {
    return problem;
  }
}
