package dev.keystead.tenant;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.Endpoint;
import dev.keystead.http.HttpClient;
import dev.keystead.http.HttpFailure;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.Envelope;
import dev.keystead.keylime.WireException;
import dev.keystead.tenant.TenantException.Problem;
import java.util.function.Function;

/**
 * One server or agent that the owner talks to. Everything that can go wrong with it comes out as a
 * {@link TenantException} that names it.
 *
 * @param name such as {@code the registrar}
 */
record Correspondent(HttpClient client, Endpoint endpoint, String name) {
  private static final int MAX_STATUS = 300;

  /** A reply of any status. */
  record Reply(int status, Envelope envelope) {
    boolean isSuccess() {
      return status / 100 == 2;
    }
  }

  Reply get(String target) {
    return send(ClientRequest.get(target), Limits.POLICY);
  }

  /** Asks for what may be larger than a policy. */
  Reply get(String target, Limits limits) {
    return send(ClientRequest.get(target), limits);
  }

  Reply delete(String target) {
    return send(ClientRequest.of("DELETE", target), Limits.POLICY);
  }

  Reply post(String target, Json.Obj body) {
    return send(ClientRequest.json("POST", target, body.toString()), Limits.POLICY);
  }

  Reply put(String target, Json.Obj body) {
    return send(ClientRequest.json("PUT", target, body.toString()), Limits.POLICY);
  }

  private Reply send(ClientRequest request, Limits limits) {
    HttpResponse response;
    try {
      response = client.exchange(endpoint, request);
    } catch (HttpFailure e) {
      throw new TenantException(
          Problem.UNREACHABLE, "%s at %s %s".formatted(name, endpoint, words(e)), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TenantException(
          Problem.UNREACHABLE, "interrupted while waiting for " + name + " at " + endpoint, e);
    }
    return new Reply(response.status(), envelope(response, limits));
  }

  /** A refusal is one whatever stands in it; an answer without content says nothing more. */
  private Envelope envelope(HttpResponse response, Limits limits) {
    boolean success = response.status() / 100 == 2;
    if (success && response.body().length == 0) {
      return Envelope.success();
    }
    try {
      return Envelope.parse(response.body(), limits);
    } catch (WireException e) {
      if (success) {
        throw badReply("an answer", e);
      }
      return Envelope.error(response.status(), "it gives no reason");
    }
  }

  /** The results of a successful reply, read as what they should be. */
  <T> T results(Reply reply, String what, Function<Json, T> parser) {
    requireSuccess(reply, what);
    try {
      return parser.apply(reply.envelope().results());
    } catch (WireException e) {
      throw badReply(what, e);
    }
  }

  /** Refuses every reply but a success. */
  void requireSuccess(Reply reply, String what) {
    if (!reply.isSuccess()) {
      throw refused(reply, what, "");
    }
  }

  /** The refusal of {@code what} by this server. */
  TenantException refused(Reply reply, String what, String advice) {
    return new TenantException(
        Problem.REFUSED,
        "%s at %s refused %s with %d: %s.%s"
            .formatted(
                name,
                endpoint,
                what,
                reply.status(),
                printable(reply.envelope().status()),
                advice.isEmpty() ? "" : " " + advice));
  }

  private TenantException badReply(String what, WireException e) {
    return new TenantException(
        Problem.BAD_REPLY,
        "%s at %s sent %s that cannot be read: %s".formatted(name, endpoint, what, e.getMessage()),
        e);
  }

  /** What the other side wrote, cut and without anything that a terminal would obey. */
  private static String printable(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", " ");
    return line.length() <= MAX_STATUS ? line : line.substring(0, MAX_STATUS) + "...";
  }

  private static String words(HttpFailure failure) {
    String what =
        switch (failure.reason()) {
          case CONNECT_REFUSED ->
              "cannot be reached. Is it running, and is this its address and port";
          case CONNECT_TIMEOUT ->
              "does not take a connection. Is it running, and does a firewall let this through";
          case TLS_FAILED ->
              "does not agree on TLS. Does it know the authority of the certificate shown to it";
          case TLS_UNTRUSTED ->
              "shows a certificate that is not trusted. Is it the one that it registered, or of"
                  + " the authority that is configured";
          case TIMEOUT -> "does not answer in time. Is it overloaded or hanging";
          case TOO_LARGE -> "answers with more than is accepted. Is it what it should be";
          case MALFORMED -> "does not speak HTTP as it should. Is this its address and port";
          case CLOSED -> "closed the connection without an answer. Was it stopped";
          case BUSY -> "has too many requests waiting. Is it overloaded";
        };
    return what + "? (" + failure.getMessage() + ")";
  }
}
