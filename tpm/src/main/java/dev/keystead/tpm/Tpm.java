package dev.keystead.tpm;

import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A TPM 2.0. Commands are values; {@link #execute} runs any of them. Safe for several threads as
 * long as each uses its own sessions.
 */
public final class Tpm implements AutoCloseable {
  /** Resubmissions of one command; with doubling pauses of 1 ms to 256 ms they last 1.5 s. */
  private static final int MAX_RESUBMISSIONS = 12;

  private static final Set<Integer> AGAIN =
      Set.of(ResponseCode.RETRY, ResponseCode.YIELDED, ResponseCode.TESTING);

  private final Transport transport;

  /** A TPM behind {@code transport}, which it closes with itself. */
  public Tpm(Transport transport) {
    this.transport = transport;
  }

  /**
   * Runs a command.
   *
   * @param sessions further sessions that authorize nothing: the last that {@linkplain
   *     Session#encrypts() encrypts}, among these and the command's own, encrypts the first
   *     parameter both ways wherever the command allows
   * @throws TpmResponseException when the TPM refuses; RETRY, YIELDED and TESTING are resubmitted a
   *     bounded number of times before
   * @throws TpmException when the TPM cannot be reached or its response is malformed or forged
   */
  public <R> R execute(Command<R> command, Session... sessions) throws TpmException {
    Exchange exchange = new Exchange(command, List.of(sessions));
    byte[] request = exchange.request();
    try {
      byte[] bytes = submit(command.code(), request);
      TpmReader in = new TpmReader(bytes);
      Response response = exchange.response(in, ResponseHeader.read(in).tag());
      R result = command.result(response);
      response.parameters().end("the response");
      return result;
    } catch (TpmFormatException e) {
      throw new TpmException(command.code().label() + ": malformed response: " + e.getMessage(), e);
    } finally {
      Arrays.fill(request, (byte) 0);
      exchange.wipe();
    }
  }

  /** Runs a command that loads an object, which is flushed when it is closed. */
  public TpmObject open(Command<Loaded> command, Session... sessions) throws TpmException {
    return new TpmObject(this, execute(command, sessions));
  }

  /** Flushes a transient object or a session. */
  public void flush(Handle handle) throws TpmException {
    execute(new FlushContext(handle.value()));
  }

  private byte[] submit(CommandCode code, byte[] request) throws TpmException {
    if (request.length > Transport.MAX_SIZE) {
      throw new TpmException(
          code.label()
              + ": a command of "
              + request.length
              + " bytes, at most "
              + Transport.MAX_SIZE
              + " can be");
    }
    for (int resubmissions = 0; ; resubmissions++) {
      byte[] bytes;
      try {
        bytes = transport.transmit(request);
      } catch (IOException e) {
        throw new TpmException(code.label() + ": the TPM cannot be reached: " + e.getMessage(), e);
      }
      ResponseHeader header = ResponseHeader.read(new TpmReader(bytes));
      if (header.code().value() == 0) {
        return bytes;
      }
      if (!AGAIN.contains(header.code().value()) || resubmissions == MAX_RESUBMISSIONS) {
        throw new TpmResponseException(code, header.code());
      }
      pause(code, resubmissions);
    }
  }

  private static void pause(CommandCode code, int resubmissions) throws TpmException {
    try {
      Thread.sleep(1L << Math.min(resubmissions, 8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TpmException(code.label() + ": interrupted while the TPM is busy", e);
    }
  }

  /** Closes the transport. Objects and sessions that are still open stay in the TPM. */
  @Override
  public void close() throws TpmException {
    try {
      transport.close();
    } catch (IOException e) {
      throw new TpmException("the TPM cannot be closed: " + e.getMessage(), e);
    }
  }
}
