package dev.keystead.control.ca;

import dev.keystead.http.BodyLimit;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpRefusal;
import dev.keystead.http.HttpRequest;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.HttpServer;
import dev.keystead.http.ServerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;

/**
 * Tells anybody, over plain HTTP as it is done, what an authority has revoked: {@code GET /crl},
 * and OCSP by POST and GET on {@code /ocsp} (RFC 6960 appendix A). What it says is signed.
 */
public final class AuthorityServer implements AutoCloseable {
  private static final int MAX_REQUEST = 16 << 10;

  private final AuthorityFolder authority;
  private final HttpServer server;

  private AuthorityServer(AuthorityFolder authority, InetSocketAddress bind, EventLoops loops)
      throws IOException {
    this.authority = authority;
    this.server =
        HttpServer.start(
            loops, ServerConfig.plain(bind).withBodyLimit(BodyLimit.of(MAX_REQUEST)), this::answer);
  }

  /**
   * Signs a fresh list and starts to listen; port 0 takes a free one.
   *
   * @throws IOException if the address cannot be bound, or the list cannot be written
   */
  public static AuthorityServer start(
      AuthorityFolder authority, InetSocketAddress bind, EventLoops loops) throws IOException {
    var _ = authority.renew();
    return new AuthorityServer(authority, bind, loops);
  }

  /** The port on which it listens. */
  public int port() {
    return server.port();
  }

  private HttpResponse answer(HttpRequest request) throws IOException {
    List<String> path = request.target().segments();
    if (path.equals(List.of("crl"))) {
      requireMethod(request, "GET");
      return HttpResponse.of(200, "application/pkix-crl", authority.crl());
    }
    if (path.equals(List.of("ocsp"))) {
      requireMethod(request, "POST");
      return ocsp(request.body());
    }
    if (path.size() == 2 && path.getFirst().equals("ocsp")) {
      requireMethod(request, "GET");
      return ocsp(decoded(path.getLast()));
    }
    throw new HttpRefusal(404, "there is nothing at this path");
  }

  private HttpResponse ocsp(byte[] request) throws IOException {
    return HttpResponse.of(200, "application/ocsp-response", authority.ocsp(request));
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw HttpRefusal.malformed("the request is not base64");
    }
  }

  private static void requireMethod(HttpRequest request, String method) {
    if (!request.method().equals(method)) {
      throw new HttpRefusal(405, "this path has no such method");
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
