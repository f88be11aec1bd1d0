package dev.keystead.tpm;

/** A handle as a command names it: by itself, or with the authorization to use it. */
public sealed interface CommandHandle permits Handle, Authorized {
  /** The entity. */
  Handle handle();
}
