package dev.keystead.http;

import dev.keystead.http.tls.ClientTls;
import java.util.Optional;

/**
 * A server as a client knows it. Equal endpoints share connections; endpoints that differ in the
 * identity shown or in the certificates trusted never do.
 *
 * @param host a DNS name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65535
 * @param tls the identity to show and what to trust; empty is plain HTTP
 */
public record Endpoint(String host, int port, Optional<ClientTls> tls) {
  private static final int MAX_HOST = 253;

  /** Refuses a host that is not a name or address, and a port out of range. */
  public Endpoint {
    boolean valid =
        !host.isEmpty()
            && host.length() <= MAX_HOST
            && host.chars()
                .allMatch(c -> Syntax.isAlphanumeric((char) c) || "-._:".indexOf(c) >= 0);
    if (!valid) {
      throw new IllegalArgumentException("host is not a name or an address");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port);
    }
  }

  /** Plain HTTP. */
  public static Endpoint plain(String host, int port) {
    return new Endpoint(host, port, Optional.empty());
  }

  /** HTTPS. */
  public static Endpoint tls(String host, int port, ClientTls tls) {
    return new Endpoint(host, port, Optional.of(tls));
  }

  /** Host and port as in a URI. */
  public String authority() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  @Override
  public String toString() {
    return (tls.isPresent() ? "https://" : "http://") + authority();
  }
}
