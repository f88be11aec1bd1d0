package dev.keystead.control;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.verifier.OperationalState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What registrar and verifier have done, for whoever shows it. Events are told after they were
 * written down; a listener must return quickly and cannot change anything.
 */
public sealed interface ControlEvent {
  /** When. */
  Instant at();

  /** Which agent it is about. */
  AgentId agent();

  /** A TPM has proved itself to the registrar; the agent's registration is active. */
  record Activated(Instant at, AgentId agent) implements ControlEvent {}

  /** The owner took a registration away. */
  record RegistrationDeleted(Instant at, AgentId agent) implements ControlEvent {}

  /** The owner put a node under watch. */
  record Enrolled(Instant at, AgentId agent) implements ControlEvent {}

  /** A node's state changed. */
  record StateChanged(Instant at, AgentId agent, OperationalState from, OperationalState to)
      implements ControlEvent {}

  /**
   * A node's evidence was good.
   *
   * @param took from the question to the decision
   * @param imaEntries how much of its IMA list has been judged, in all
   */
  record Passed(Instant at, AgentId agent, Duration took, long imaEntries)
      implements ControlEvent {}

  /**
   * A node is not trusted any more.
   *
   * @param event Keylime's name of what was found
   * @param reasons in words
   * @param took from the question to the decision
   */
  record Failed(Instant at, AgentId agent, String event, List<String> reasons, Duration took)
      implements ControlEvent {}

  /** A node was not reached, and is tried again. */
  record NotReached(Instant at, AgentId agent, int attempt, String reason)
      implements ControlEvent {}

  /** A node has its share V. */
  record ShareDelivered(Instant at, AgentId agent) implements ControlEvent {}

  /** Another node, or the webhook, was told about this one. */
  record NoticeDelivered(Instant at, AgentId agent, String recipient) implements ControlEvent {}

  /** A recipient was not reached with a notice in all the time that it had. */
  record NoticeExpired(Instant at, AgentId agent, String recipient) implements ControlEvent {}

  /** The owner took a node from the watch. */
  record Removed(Instant at, AgentId agent) implements ControlEvent {}
}
