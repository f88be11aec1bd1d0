package dev.keystead.http;

import java.util.Optional;

/** The head of a request, parsed strictly (RFC 9112 section 3). */
record RequestHead(
    String method, Target target, boolean http11, Headers headers, Optional<Framing> framing) {
  private static final int MAX_METHOD = 32;

  /**
   * Parses.
   *
   * @throws HttpRefusal 400, 414 or 505
   */
  static RequestHead parse(HeadReader.Head head) {
    String line = head.startLine();
    int first = line.indexOf(' ');
    int last = line.lastIndexOf(' ');
    if (first < 0 || first == last || line.indexOf(' ', first + 1) != last) {
      throw HttpRefusal.malformed("request line is not method, target, version");
    }
    String method = line.substring(0, first);
    if (!Syntax.isToken(method) || method.length() > MAX_METHOD) {
      throw HttpRefusal.malformed("method is not a token");
    }
    boolean http11 = isHttp11(line.substring(last + 1));
    Target target = Target.parse(line.substring(first + 1, last));
    Headers headers = head.headers();
    Optional<String> host = headers.only("Host");
    if ((http11 && host.isEmpty()) || !host.orElse("").chars().allMatch(RequestHead::isInHost)) {
      throw HttpRefusal.malformed("Host is missing or malformed");
    }
    return new RequestHead(method, target, http11, headers, Framing.of(headers, http11));
  }

  /** Whether the connection stays open after this request, as far as the client says. */
  boolean keepAlive() {
    return http11 && !headers.lists("Connection", "close");
  }

  /**
   * Whether the client waits for an interim answer before it sends the body.
   *
   * @throws HttpRefusal 417 for any other expectation
   */
  boolean expectsContinue() {
    if (!http11 || !headers.has("Expect")) {
      return false;
    }
    if (!headers.all("Expect").stream().allMatch("100-continue"::equalsIgnoreCase)) {
      throw new HttpRefusal(417, "expectation is not supported");
    }
    return framing.isPresent();
  }

  private static boolean isInHost(int c) {
    return Syntax.isAlphanumeric((char) c) || "-._~%:[]".indexOf(c) >= 0;
  }

  private static boolean isHttp11(String version) {
    return switch (version) {
      case "HTTP/1.1" -> true;
      case "HTTP/1.0" -> false;
      default -> {
        if (version.matches("HTTP/[0-9]\\.[0-9]")) {
          throw new HttpRefusal(505, "HTTP version is not supported");
        }
        throw HttpRefusal.malformed("request line has no version");
      }
    };
  }
}
