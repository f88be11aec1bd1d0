package dev.keystead.http;

import java.util.Optional;

/** The head of a response, parsed strictly (RFC 9112 section 4). */
record ResponseHead(int status, boolean http11, Headers headers) {
  /**
   * Parses.
   *
   * @throws HttpRefusal if it is malformed
   */
  static ResponseHead parse(HeadReader.Head head) {
    String line = head.startLine();
    boolean valid =
        (line.startsWith("HTTP/1.1 ") || line.startsWith("HTTP/1.0 "))
            && line.length() >= 12
            && Syntax.isDigit(line.charAt(9))
            && Syntax.isDigit(line.charAt(10))
            && Syntax.isDigit(line.charAt(11))
            && (line.length() == 12 || line.charAt(12) == ' ');
    int status = valid ? Integer.parseInt(line, 9, 12, 10) : 0;
    if (status < 100 || status > 599 || status == 101) {
      throw HttpRefusal.malformed("status line is malformed");
    }
    return new ResponseHead(status, line.charAt(7) == '1', head.headers());
  }

  boolean isInterim() {
    return status < 200;
  }

  /**
   * How the body ends; empty if there is none.
   *
   * @throws HttpRefusal if the header fields contradict each other, or the content is compressed
   */
  Optional<Framing> framing(String method) {
    if (headers.only("Content-Encoding").filter(c -> !c.equalsIgnoreCase("identity")).isPresent()) {
      throw HttpRefusal.malformed("content is encoded without being asked to");
    }
    Optional<Framing> framing = Framing.of(headers, http11);
    if (method.equals("HEAD") || status == 204 || status == 304) {
      return Optional.empty();
    }
    return Optional.of(framing.orElseGet(Framing.UntilClose::new));
  }

  /** Whether the server keeps the connection open. */
  boolean keepAlive() {
    return http11 && !headers.lists("Connection", "close");
  }
}
