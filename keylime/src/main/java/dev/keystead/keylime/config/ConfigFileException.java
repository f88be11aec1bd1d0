package dev.keystead.keylime.config;

/** A configuration file that cannot be read as what it should be. */
public final class ConfigFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the place and what is wrong there. */
  public ConfigFileException(String message) {
    super(message);
  }
}
