package dev.keystead.cli;

/** Starts the command line. */
public final class Main {
  private Main() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] args) {
    System.exit(KeysteadCommand.commandLine().execute(args));
  }
}
