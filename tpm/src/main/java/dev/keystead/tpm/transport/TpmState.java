package dev.keystead.tpm.transport;

import java.io.IOException;
import java.util.Optional;

/** Where an embedded TPM keeps its state: named pieces of some ten thousand bytes. */
interface TpmState extends AutoCloseable {
  /** The piece with this name. */
  Optional<byte[]> load(String name) throws IOException;

  /** Keeps a piece; when it returns, the piece survives the end of the process. */
  void save(String name, byte[] data) throws IOException;

  /** Forgets a piece; returns whether there was one. */
  boolean delete(String name) throws IOException;

  @Override
  void close() throws IOException;
}
