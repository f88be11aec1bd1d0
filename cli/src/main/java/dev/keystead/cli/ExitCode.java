package dev.keystead.cli;

/** What the process answers with; fixed, so that scripts can rely on it. */
public final class ExitCode {
  /** Trusted, or done. */
  public static final int TRUSTED = 0;

  /** Not trusted, refused or failed. */
  public static final int NOT_TRUSTED = 1;

  /** Wrong usage. */
  public static final int USAGE = 2;

  /** Input that cannot be read as what it should be. */
  public static final int UNREADABLE = 3;

  private ExitCode() {}
}
