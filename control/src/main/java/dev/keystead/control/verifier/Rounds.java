package dev.keystead.control.verifier;

import dev.keystead.http.ClientRequest;
import dev.keystead.http.HttpClient;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.Nonce;
import dev.keystead.keylime.bootstrap.KeyShare;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.bootstrap.VKey;
import dev.keystead.keylime.quote.QuoteQuery;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Speaks to nodes: each at its address, to its certificate, one request at a time. */
final class Rounds {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final HttpClient client;
  private final Duration timeout;

  /** What was asked, to be compared with what is answered, and when by System.nanoTime. */
  record Question(QuoteQuery.Integrity query, long askedAt) {}

  Rounds(HttpClient client, Duration timeout) {
    this.client = client;
    this.timeout = timeout;
  }

  /** A fresh question for a node, from where its history ends. */
  static Question question(Node node, long askedAt) {
    return new Question(
        new QuoteQuery.Integrity(
            Nonce.generate(RANDOM),
            node.enrolment.mask(),
            !node.askForKey && node.payloadKey.isPresent(),
            Math.toIntExact(node.history.nextImaEntry())),
        askedAt);
  }

  CompletableFuture<HttpResponse> ask(Node node, Question question) {
    String path = node.path("quotes/integrity?" + question.query().toQuery());
    return client.send(node.address(), ClientRequest.get(path).within(timeout));
  }

  /** Asks a node which versions it speaks. */
  CompletableFuture<HttpResponse> versions(Node node) {
    return client.send(node.address(), ClientRequest.get("/version").within(timeout));
  }

  /** Gives a node its share, encrypted for the key that its last good quote was bound to. */
  CompletableFuture<HttpResponse> deliver(Node node, KeyShare share, PayloadKey key) {
    String body = new VKey(key.wrap(share)).toJson().toString();
    return client.send(
        node.address(), ClientRequest.json("POST", node.path("keys/vkey"), body).within(timeout));
  }
}
