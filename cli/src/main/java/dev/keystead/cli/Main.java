package dev.keystead.cli;

import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts the command line. */
public final class Main {
  // A strong reference: a level that is set on a logger nobody holds is forgotten.
  private static final Logger LOG = Logger.getLogger("dev.keystead");

  /** It warns, with a stack trace, of what a caller of the local API does wrong. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private Main() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] args) {
    System.setProperty("java.util.logging.SimpleFormatter.format", "keystead: %4$s: %5$s%6$s%n");
    if (!Arrays.asList(args).contains("--debug")) {
      LOG.setLevel(Level.WARNING);
      GRPC.setLevel(Level.SEVERE);
    }
    System.exit(KeysteadCommand.run(args, System.getenv()));
  }
}
