package dev.keystead.cli.demo;

/** Something that the demo shows did not happen. */
final class DemoException extends RuntimeException {
  DemoException(String message) {
    super(message);
  }
}
