package dev.keystead.tpm;

/** The TPM answered with a response code other than success. */
public final class TpmResponseException extends TpmException {
  private final CommandCode command;
  private final ResponseCode code;

  /** States which command was answered with which code. */
  public TpmResponseException(CommandCode command, ResponseCode code) {
    super(command.label() + ": " + code);
    this.command = command;
    this.code = code;
  }

  /** The command that failed. */
  public CommandCode command() {
    return command;
  }

  /** Why. */
  public ResponseCode code() {
    return code;
  }
}
