package dev.keystead.control.rest;

import dev.keystead.evidence.json.Json;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.Envelope;

/** Replies in the envelope that Keylime's peers expect (section 0 of the wire). */
public final class Replies {
  private Replies() {}

  /** 200 with results. */
  public static HttpResponse success(Json.Obj results) {
    return reply(Envelope.success(results));
  }

  /** 200 with nothing to say. */
  public static HttpResponse success() {
    return reply(Envelope.success());
  }

  /** A refusal with its reason. */
  public static HttpResponse error(int status, String reason) {
    return reply(Envelope.error(status, reason));
  }

  private static HttpResponse reply(Envelope envelope) {
    return HttpResponse.of(envelope.code(), "application/json", envelope.toBytes());
  }
}
