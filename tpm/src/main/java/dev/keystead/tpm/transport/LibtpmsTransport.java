package dev.keystead.tpm.transport;

import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.Transport;
import dev.keystead.tpm.structure.TpmWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A software TPM in this process: libtpms through {@code java.lang.foreign}. Each has its own copy
 * of the library, so a process can hold many. The state lives in a directory and survives the end
 * of the process, sudden or not; what a TPM keeps in RAM (PCRs, sessions, transient objects) does
 * not, as with a TPM that is reset. Creating it is power on, closing it is an orderly power off.
 */
public final class LibtpmsTransport implements Transport {
  private final TpmState state;
  private @Nullable NativeTpm tpm;

  /**
   * Starts the TPM in {@code directory}, which is created when it is missing: a new TPM with new
   * seeds.
   */
  public LibtpmsTransport(Path directory) throws IOException {
    state = new StateDirectory(directory);
    Path library = null;
    try {
      library = TpmLibrary.copy(directory);
      tpm = new NativeTpm(library, state, MAX_SIZE);
    } catch (IOException e) {
      state.close();
      throw e;
    } finally {
      if (library != null) {
        Files.delete(library);
      }
    }
  }

  @Override
  public synchronized byte[] transmit(byte[] command) throws IOException {
    if (tpm == null) {
      throw new IOException("the embedded TPM has been closed");
    }
    if (command.length > MAX_SIZE) {
      throw new IOException("a command of " + command.length + " bytes");
    }
    return tpm.process(command);
  }

  @Override
  public synchronized void close() throws IOException {
    NativeTpm running = tpm;
    tpm = null;
    if (running == null) {
      return;
    }
    try {
      running.process(shutdown());
    } finally {
      try {
        running.close();
      } finally {
        state.close();
      }
    }
  }

  /** TPM2_Shutdown(CLEAR), as a machine sends it before it takes the power away. */
  private static byte[] shutdown() {
    return new TpmWriter().u16(0x8001).u32(12).u32(CommandCode.SHUTDOWN.value()).u16(0).toBytes();
  }
}
