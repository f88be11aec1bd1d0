package dev.keystead.http;

import java.util.List;
import java.util.Optional;

/** How the end of a body is found (RFC 9112 section 6), without the cases that can be smuggled. */
sealed interface Framing {
  /** A known number of bytes. */
  record Sized(long bytes) implements Framing {}

  /** The chunked transfer coding. */
  record Chunked() implements Framing {}

  /** Responses only: until the connection ends. */
  record UntilClose() implements Framing {}

  /**
   * What the header fields say; empty if they say nothing.
   *
   * @throws HttpRefusal 400 for both Transfer-Encoding and Content-Length, for a transfer coding
   *     other than chunked or in HTTP/1.0, for more than one length or one that is not a number
   */
  static Optional<Framing> of(Headers headers, boolean http11) {
    List<String> codings = headers.all("Transfer-Encoding");
    List<String> lengths = headers.all("Content-Length");
    if (!codings.isEmpty()) {
      if (!lengths.isEmpty()) {
        throw HttpRefusal.malformed("both Transfer-Encoding and Content-Length");
      }
      if (!http11 || codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
        throw HttpRefusal.malformed("transfer coding is not supported");
      }
      return Optional.of(new Chunked());
    }
    if (lengths.size() > 1) {
      throw HttpRefusal.malformed("Content-Length is given twice");
    }
    return lengths.stream().findFirst().map(text -> new Sized(length(text)));
  }

  private static long length(String text) {
    if (text.isEmpty()
        || text.length() > 18
        || !text.chars().allMatch(c -> Syntax.isDigit((char) c))) {
      throw HttpRefusal.malformed("Content-Length is not a number");
    }
    return Long.parseLong(text);
  }
}
