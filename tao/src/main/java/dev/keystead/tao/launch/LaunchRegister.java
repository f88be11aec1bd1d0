package dev.keystead.tao.launch;

import dev.keystead.tao.TaoException;

/** A register that only grows until the machine is reset, and that a quote covers. */
public interface LaunchRegister {
  /** The value in the SHA-256 bank, 32 bytes; zeros after a reset. */
  byte[] sha256() throws TaoException;

  /** Extends it, in every bank by that bank's hash of an event of at most 1024 bytes. */
  void extend(byte[] event) throws TaoException;
}
