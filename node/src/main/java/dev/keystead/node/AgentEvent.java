package dev.keystead.node;

import java.time.Duration;

/** Something that an agent did or refused to do. No event holds a secret. */
public sealed interface AgentEvent {
  /** The registrar took the registration and the credential was activated. */
  record Activated(Duration since) implements AgentEvent {}

  /** The registrar did not register us; tried again after {@code pause}. */
  record NotRegistered(String reason, Duration pause) implements AgentEvent {}

  /** A verifier let us in for this long, and longer while our evidence is good. */
  record SessionOpened(Duration lifetime) implements AgentEvent {}

  /**
   * A verifier took evidence that we brought.
   *
   * @param imaEntries how many entries of the measurement list went with it
   * @param next when it wants to see more
   */
  record EvidenceBrought(long imaEntries, Duration next) implements AgentEvent {}

  /** A verifier took no evidence; tried again after {@code pause}. */
  record EvidenceNotTaken(String reason, Duration pause) implements AgentEvent {}

  /**
   * A quote was given.
   *
   * @param imaEntries how many entries of the measurement list went with it
   * @param time from the question to the answer
   */
  record Quoted(long imaEntries, Duration time) implements AgentEvent {}

  /**
   * Both shares are here, and the payload is written.
   *
   * @param files how many files and directories the payload's archive had
   */
  record Bootstrapped(int files) implements AgentEvent {}

  /** Our half of the key is in the TPM: after a reboot the verifier's half is enough. */
  record ShareKept() implements AgentEvent {}

  /** The payload script ended with this exit status, -1 when it was killed. */
  record ScriptRan(String name, int exit) implements AgentEvent {}

  /** A good and fresh revocation of this agent will be acted on. */
  record RevocationTaken(String agentId) implements AgentEvent {}

  /** A revocation action ended with this exit status, -1 when it was killed or is not there. */
  record ActionRan(String name, int exit) implements AgentEvent {}

  /**
   * Something that concerns trust was refused; it is in the audit log as well.
   *
   * @param what {@code "revocation"}, {@code "payload"}, {@code "share"}, {@code "identity"}
   */
  record Refused(String what, String reason) implements AgentEvent {}
}
