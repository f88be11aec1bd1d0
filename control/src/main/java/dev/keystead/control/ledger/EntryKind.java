package dev.keystead.control.ledger;

import java.util.Locale;

/** What an entry of the ledger decides or records. */
public enum EntryKind {
  /** A TPM proved itself: the agent's record is active from here on. */
  ACTIVATED,
  /** The owner took an agent's registration away. */
  REGISTRATION_DELETED,
  /** A registration, or a node with its standing, was taken over from another installation. */
  TAKEN_OVER,
  /** Something was refused that would have changed whom to trust. */
  REFUSED,
  /** Equal refusals that were not written one by one; the body has their number. */
  REFUSED_AGAIN,
  /** The owner put a node under watch. */
  ENROLLED,
  /**
   * A node's evidence was good for the first time since it was enrolled, started or reactivated.
   */
  TRUSTED,
  /** A node's evidence was bad; it is trusted no more. */
  FAILED,
  /** A node could not be reached; what it is, is unknown. */
  UNREACHABLE,
  /** The node has its share V. */
  SHARE_DELIVERED,
  /** A node is spoken to in another version of the wire. */
  VERSION_CHANGED,
  /** The owner gave the verifier a policy that has a name. */
  POLICY_ADDED,
  /** The owner changed one; its nodes are judged by the new one from here on. */
  POLICY_CHANGED,
  /** The owner took one away. */
  POLICY_DELETED,
  /** A notice did not reach its recipient in all the time that it had. */
  NOTICE_EXPIRED,
  /** The owner gave a node another chance. */
  REACTIVATED,
  /** The owner stopped the watch. */
  STOPPED,
  /** The owner took a node from the watch. */
  REMOVED;

  /** Lower case with hyphens. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static EntryKind of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
