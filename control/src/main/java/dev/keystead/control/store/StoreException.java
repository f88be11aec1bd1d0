package dev.keystead.control.store;

/**
 * The database could not be read or written. Nothing of the failed transaction is in it; whatever
 * it was to record has not been decided.
 */
public final class StoreException extends RuntimeException {
  StoreException(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}
