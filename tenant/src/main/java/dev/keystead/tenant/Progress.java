package dev.keystead.tenant;

import java.time.Duration;

/** Told of each step of an operation as it is done. Called on the operation's own thread. */
@FunctionalInterface
public interface Progress {
  /** Nobody listens. */
  Progress NONE = (stage, detail, took) -> {};

  /** A step of the bootstrap, in their order. */
  enum Stage {
    /** Policies and payload are read and usable. */
    PREPARED,
    /** The registrar knows the agent and has seen its TPM open a credential. */
    LOOKED_UP,
    /** The agent speaks a version of ours. */
    VERSION_AGREED,
    /** A fresh quote binds the payload key to the registered attestation key. */
    IDENTITY_PROVEN,
    /** The endorsement key is one that the owner accepts. */
    ENDORSEMENT_ACCEPTED,
    /** The verifier has the policies and share V. */
    ENROLLED,
    /** The agent has share U and the payload. */
    SHARE_GIVEN,
    /** The agent has shown that it holds the bootstrap key. */
    KEY_PROVEN
  }

  /**
   * A step is done.
   *
   * @param detail for people, one line
   * @param took since the step before
   */
  void done(Stage stage, String detail, Duration took);
}
