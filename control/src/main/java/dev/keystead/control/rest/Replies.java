package dev.keystead.control.rest;

import dev.keystead.evidence.json.Json;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.Envelope;
import java.util.List;

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

  /** 201 with nothing to say. */
  public static HttpResponse created() {
    return reply(new Envelope(201, "Created", Envelope.NOTHING));
  }

  /** 204: done, and without content as HTTP has it. */
  public static HttpResponse noContent() {
    return HttpResponse.of(204);
  }

  /** A refusal in the form of a version: an envelope, or since version 3 a list of errors. */
  public static HttpResponse error(ApiVersion version, int status, String reason) {
    if (version.major() < 3) {
      return error(status, reason);
    }
    Json.Obj one =
        Json.object()
            .put("status", Integer.toString(status))
            .put("title", title(status))
            .put("detail", reason)
            .build();
    return HttpResponse.of(
        status,
        "application/json",
        Json.object().put("errors", Json.array(List.of(one))).build().toBytes());
  }

  private static String title(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 409 -> "Conflict";
      case 410 -> "Gone";
      case 422 -> "Unprocessable Content";
      case 429 -> "Too Many Requests";
      case 503 -> "Service Unavailable";
      default -> "Error";
    };
  }

  private static HttpResponse reply(Envelope envelope) {
    return HttpResponse.of(envelope.code(), "application/json", envelope.toBytes());
  }
}
