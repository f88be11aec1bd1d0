package dev.keystead.control.verifier;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.rest.Owners;
import dev.keystead.http.Endpoint;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.http.tls.TrustedCertificates;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a verifier runs.
 *
 * @param id its name, told in each node's status
 * @param bind where owners speak TLS to it; port 0 takes a free one
 * @param identity the server's key and certificate
 * @param client what it shows to nodes
 * @param owners the authority of client certificates
 * @param names which of them are an owner's
 * @param database the file that holds nodes and ledger
 * @param timing when it does what
 * @param webhook is told of every revocation as well, by POST to its path
 * @param clock tells the time
 * @param events is told what was done
 */
public record VerifierConfig(
    String id,
    InetSocketAddress bind,
    TlsIdentity identity,
    TlsIdentity client,
    TrustedCertificates owners,
    Owners names,
    Path database,
    Timing timing,
    Optional<Webhook> webhook,
    InstantSource clock,
    Consumer<ControlEvent> events) {

  /**
   * Where revocations are posted.
   *
   * @param endpoint over TLS
   * @param path such as {@code /revocations}
   */
  public record Webhook(Endpoint endpoint, String path) {
    /** Refuses plain HTTP. */
    public Webhook {
      if (endpoint.tls().isEmpty()) {
        throw new IllegalArgumentException("a webhook is spoken to over TLS");
      }
    }
  }

  /** A verifier called default, with default times and no webhook, nobody listening. */
  public static VerifierConfig of(
      InetSocketAddress bind,
      TlsIdentity identity,
      TlsIdentity client,
      TrustedCertificates owners,
      Path database) {
    return new VerifierConfig(
        "default",
        bind,
        identity,
        client,
        owners,
        Owners.DEFAULT,
        database,
        Timing.DEFAULT,
        Optional.empty(),
        InstantSource.system(),
        event -> {});
  }

  /** With other times. */
  public VerifierConfig with(Timing timing) {
    return new VerifierConfig(
        id, bind, identity, client, owners, names, database, timing, webhook, clock, events);
  }

  /** With a webhook. */
  public VerifierConfig telling(Webhook webhook) {
    return new VerifierConfig(
        id,
        bind,
        identity,
        client,
        owners,
        names,
        database,
        timing,
        Optional.of(webhook),
        clock,
        events);
  }

  /** With other owners. */
  public VerifierConfig ownedBy(Owners owners) {
    return new VerifierConfig(
        id, bind, identity, client, this.owners, owners, database, timing, webhook, clock, events);
  }

  /** With a listener. */
  public VerifierConfig listening(Consumer<ControlEvent> listener) {
    return new VerifierConfig(
        id, bind, identity, client, owners, names, database, timing, webhook, clock, listener);
  }
}
