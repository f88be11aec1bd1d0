package dev.keystead.lab.peers;

import dev.keystead.keylime.AgentId;
import dev.keystead.lab.enrolment.MeasuredFiles;
import java.io.IOException;
import java.nio.file.Path;

/** A machine with an agent, ours or Keylime's. */
interface Machine extends AutoCloseable {
  /** The id of its agent. */
  AgentId id();

  /** What it has run. */
  MeasuredFiles files();

  /** Where the files of its payload appear. */
  Path payload();

  /** Runs a file: it is measured into the list and the TPM. */
  void run(String path) throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}
