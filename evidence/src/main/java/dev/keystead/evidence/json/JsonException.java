package dev.keystead.evidence.json;

/**
 * Text that is not the JSON it should be. The message says where (an offset while parsing, a path
 * of names after it) and what was expected; it never quotes a value, for a value may be a secret.
 */
public final class JsonException extends RuntimeException {
  /** States where and what. */
  public JsonException(String message) {
    super(message);
  }
}
