package dev.keystead.keylime.verifier;

import dev.keystead.keylime.WireException;

/** Where an agent stands with its verifier (section 7.1). */
public enum OperationalState {
  /** Known, not yet polled. */
  REGISTERED(0),
  /** About to be polled for the first time, or again after a restart. */
  START(1),
  /** Stored. */
  SAVED(2),
  /** Polled. */
  GET_QUOTE(3),
  /** Not reached, and tried again. */
  GET_QUOTE_RETRY(4),
  /** Good, and being given share V. */
  PROVIDE_V(5),
  /** Not reached with share V, and tried again. */
  PROVIDE_V_RETRY(6),
  /** Given up: not reachable, or without an answer that is one. */
  FAILED(7),
  /** Deleted. */
  TERMINATED(8),
  /** Its evidence is not good. */
  INVALID_QUOTE(9),
  /** Stopped by its owner. */
  TENANT_FAILED(10);

  private final int number;

  OperationalState(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }

  /** The state with this number. */
  public static OperationalState of(int number) {
    for (OperationalState state : values()) {
      if (state.number == number) {
        return state;
      }
    }
    throw WireException.malformed("operational_state", "is no state's number");
  }
}
