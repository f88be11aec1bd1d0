package dev.keystead.control.verifier;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.HttpFailure;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.Envelope;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.revocation.KeylimeEvent;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What an exchange with a node says, before anything of it is believed. */
sealed interface Answer {
  /** Results came. */
  record Results(Json.Obj results) implements Answer {}

  /** None came. */
  record None(Outcome outcome) implements Answer {}

  /**
   * Reads the end of an exchange. A node that is not reached may be tried again; a node that sends
   * what is no answer is not. Without its certificate nobody speaks for the node, so a connection
   * that fails in TLS says nothing against it but that it was not reached.
   */
  static Answer read(@Nullable HttpResponse response, @Nullable Throwable failure) {
    if (response == null) {
      return new None(failed(failure));
    }
    return switch (response.status()) {
      case 200 -> results(response);
      case 408, 429, 500, 502, 503, 504, 599 ->
          new None(new Outcome.NotReached("it answered " + response.status()));
      case 400 -> new None(badRequest(response));
      default ->
          new None(
              new Outcome.NoEvidence(KeylimeEvent.NO_QUOTE, "it answered " + response.status()));
    };
  }

  private static Answer results(HttpResponse response) {
    try {
      Envelope envelope = Envelope.parse(response.body(), Limits.EVIDENCE);
      return envelope.isSuccess()
          ? new Results(envelope.results())
          : new None(
              new Outcome.NoEvidence(
                  KeylimeEvent.NO_QUOTE, "it answered code " + envelope.code() + " with 200"));
    } catch (WireException e) {
      return new None(unreadable(String.valueOf(e.getMessage())));
    }
  }

  /** Evidence that cannot be read is bad evidence. */
  static Outcome.Refused unreadable(String detail) {
    return new Outcome.Refused(
        KeylimeEvent.of(KeylimeEvent.INVALID_DATA, detail), List.of("reply: " + detail));
  }

  private static Outcome badRequest(HttpResponse response) {
    try {
      String status = Envelope.parse(response.body(), Limits.WIRE).status();
      if (status.contains("API version not supported")) {
        return new Outcome.OtherVersion("it does not speak the version that it did");
      }
    } catch (WireException e) {
      return new Outcome.NoEvidence(KeylimeEvent.NO_QUOTE, "it answered 400 without a reason");
    }
    return new Outcome.NoEvidence(KeylimeEvent.NO_QUOTE, "it answered 400");
  }

  private static Outcome failed(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (!(cause instanceof HttpFailure http)) {
      return new Outcome.Refused(
          KeylimeEvent.of("internal.verifier.exception", "the exchange ended in " + cause),
          List.of("the exchange ended in " + cause));
    }
    return switch (http.reason()) {
      case CONNECT_REFUSED, CONNECT_TIMEOUT, TLS_FAILED, TLS_UNTRUSTED, TIMEOUT, CLOSED, BUSY ->
          new Outcome.NotReached(words(http));
      case TOO_LARGE, MALFORMED -> unreadable(words(http));
    };
  }

  private static String words(HttpFailure failure) {
    return switch (failure.reason()) {
      case CONNECT_REFUSED -> "nobody listens at its address";
      case CONNECT_TIMEOUT -> "no connection in time";
      case TLS_FAILED -> "the TLS handshake failed";
      case TLS_UNTRUSTED -> "another certificate than its own was shown at its address";
      case TIMEOUT -> "no complete answer in time";
      case CLOSED -> "the connection was closed before the answer was complete";
      case BUSY -> "too many requests to it are under way";
      case TOO_LARGE -> "the answer is larger than any can be";
      case MALFORMED -> "the answer is not HTTP";
    };
  }
}
