package dev.keystead.tpm;

import java.io.Closeable;
import java.io.IOException;

/**
 * Carries one command to a TPM and its response back. Implementations serialise callers. A response
 * that is longer than {@link #MAX_SIZE}, cut off or late is an {@link IOException}, after which the
 * transport is closed: what the TPM would say next could not be told apart any more.
 */
public interface Transport extends Closeable {
  /** The largest command and response, in bytes. */
  int MAX_SIZE = 4096;

  /** Sends a whole command and returns the whole response, at least its header of ten bytes. */
  byte[] transmit(byte[] command) throws IOException;
}
