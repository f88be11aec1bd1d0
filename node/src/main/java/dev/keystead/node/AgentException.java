package dev.keystead.node;

/** The agent cannot or will not do something, in words that its operator can act on. */
public class AgentException extends RuntimeException {
  /** Refuses for this reason. */
  public AgentException(String reason) {
    super(reason);
  }

  /** Refuses for this reason, which has a cause below it. */
  public AgentException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
