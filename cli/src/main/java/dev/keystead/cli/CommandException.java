package dev.keystead.cli;

/** A command that cannot go on: what happened, to what, why, and what to do, in one message. */
public final class CommandException extends RuntimeException {
  private final int exitCode;

  private CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** Input that cannot be read as what it should be. */
  public static CommandException unreadable(String message) {
    return new CommandException(ExitCode.UNREADABLE, message);
  }

  /** Something that was asked for and refused, or that failed. */
  public static CommandException failed(String message) {
    return new CommandException(ExitCode.NOT_TRUSTED, message);
  }

  /** Options that do not go together. */
  public static CommandException usage(String message) {
    return new CommandException(ExitCode.USAGE, message);
  }

  /** One of {@link ExitCode}. */
  public int exitCode() {
    return exitCode;
  }
}
