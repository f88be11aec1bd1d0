package dev.keystead.http;

import dev.keystead.http.tls.ServerTls;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * How a server listens.
 *
 * @param bind address and port; port 0 takes a free one
 * @param tls how it is encrypted; empty is plain HTTP
 * @param limits sizes, times and numbers
 * @param bodyLimit the largest request body
 * @param errors what it answers when it refuses a request itself
 */
public record ServerConfig(
    InetSocketAddress bind,
    Optional<ServerTls> tls,
    ServerLimits limits,
    BodyLimit bodyLimit,
    ErrorAnswer errors) {
  /** The largest request body unless the config says otherwise: 1 MiB. */
  public static final int DEFAULT_BODY = 1024 * 1024;

  /** Plain HTTP with the default limits. */
  public static ServerConfig plain(InetSocketAddress bind) {
    return new ServerConfig(
        bind,
        Optional.empty(),
        ServerLimits.defaults(),
        BodyLimit.of(DEFAULT_BODY),
        ErrorAnswer.text());
  }

  /** HTTPS with the default limits. */
  public static ServerConfig tls(InetSocketAddress bind, ServerTls tls) {
    return new ServerConfig(
        bind,
        Optional.of(tls),
        ServerLimits.defaults(),
        BodyLimit.of(DEFAULT_BODY),
        ErrorAnswer.text());
  }

  /** This config with other limits. */
  public ServerConfig withLimits(ServerLimits limits) {
    return new ServerConfig(bind, tls, limits, bodyLimit, errors);
  }

  /** This config with another body limit. */
  public ServerConfig withBodyLimit(BodyLimit bodyLimit) {
    return new ServerConfig(bind, tls, limits, bodyLimit, errors);
  }

  /** This config with other answers to refused requests. */
  public ServerConfig withErrors(ErrorAnswer errors) {
    return new ServerConfig(bind, tls, limits, bodyLimit, errors);
  }
}
