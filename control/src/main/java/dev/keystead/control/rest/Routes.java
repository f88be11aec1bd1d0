package dev.keystead.control.rest;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.http.Handler;
import dev.keystead.http.HttpRefusal;
import dev.keystead.http.HttpRequest;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.VersionReply;
import dev.keystead.keylime.WireException;
import dev.keystead.tpm.structure.TpmFormatException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sends each request to its route: {@code /v2.6/...} by the table, {@code /version} and {@code
 * /versions} to anybody. Every refusal is in the form of its version: 400 for a version that is not
 * spoken and for what a message says wrongly, 404 for a path, 405 with Allow for a method, 403 for
 * an owner's route without an owner's certificate. Certificates count on TLS connections alone, and
 * there only when the whole path to the trusted authority was verified.
 */
public final class Routes implements Handler {
  private static final String REQUEST_ID = "X-Request-Id";
  private static final int LONGEST_REQUEST_ID = 64;

  private final List<Route> routes;
  private final Owners owners;
  private final Runnable unauthorised;

  /**
   * Routes by this table.
   *
   * @param unauthorised called for each request that lacked an owner's certificate
   */
  public Routes(List<Route> routes, Owners owners, Runnable unauthorised) {
    this.routes = List.copyOf(routes);
    this.owners = owners;
    this.unauthorised = unauthorised;
  }

  @Override
  public HttpResponse handle(HttpRequest request) {
    return answer(request).with(REQUEST_ID, requestId(request));
  }

  private HttpResponse answer(HttpRequest request) {
    List<String> segments = request.target().segments();
    if (segments.size() == 1 && segments.getFirst().matches("versions?")) {
      return request.method().equals("GET")
          ? Replies.success(VersionReply.ours().toServerJson())
          : notAllowed(ApiVersion.CURRENT, List.of("GET"));
    }
    ApiVersion version = ApiVersion.CURRENT;
    try {
      if (segments.isEmpty()) {
        throw notFound();
      }
      version = ApiVersion.ofPath(segments.getFirst());
      return answer(version, segments.subList(1, segments.size()), request);
    } catch (HttpRefusal e) {
      return Replies.error(version, e.status(), e.reason());
    } catch (WireException | EvidenceException | JsonException | TpmFormatException e) {
      return Replies.error(version, 400, String.valueOf(e.getMessage()));
    }
  }

  private HttpResponse answer(ApiVersion version, List<String> path, HttpRequest request) {
    if (path.isEmpty() && request.method().equals("GET")) {
      return Replies.success();
    }
    Set<String> methods = new LinkedHashSet<>();
    for (Route route : routes) {
      Optional<List<String>> arguments = route.match(version, path);
      if (arguments.isPresent()) {
        methods.add(route.method());
        if (route.method().equals(request.method())) {
          authorise(route, request);
          return route.action().answer(new Call(version, arguments.get(), request));
        }
      }
    }
    if (methods.isEmpty()) {
      throw notFound();
    }
    return notAllowed(version, methods);
  }

  /** Who shows a token speaks as an agent, whatever certificate comes with it. */
  private void authorise(Route route, HttpRequest request) {
    if (route.access() != Access.OWNER) {
      return;
    }
    try {
      if (!request.headers().all("Authorization").isEmpty()) {
        throw new HttpRefusal(403, "an agent's token is nothing on an owner's route");
      }
      owners.require(request.peer());
    } catch (HttpRefusal e) {
      unauthorised.run();
      throw e;
    }
  }

  private static HttpResponse notAllowed(ApiVersion version, Collection<String> methods) {
    return Replies.error(version, 405, "this path has no such method")
        .with("Allow", String.join(", ", methods));
  }

  private static HttpRefusal notFound() {
    return new HttpRefusal(404, "there is nothing at this path");
  }

  private static String requestId(HttpRequest request) {
    List<String> ids = request.headers().all(REQUEST_ID);
    return ids.size() == 1 && ids.getFirst().length() <= LONGEST_REQUEST_ID ? ids.getFirst() : "";
  }
}
