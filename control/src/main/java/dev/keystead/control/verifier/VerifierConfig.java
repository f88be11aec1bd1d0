package dev.keystead.control.verifier;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ca.AuthorityFolder;
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
 * @param severities how severe events are
 * @param telling who is told of revocations
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
    SeverityPolicy severities,
    Telling telling,
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

  /**
   * Who is told of revocations.
   *
   * @param agents whether all other agents are, each over its own REST interface
   * @param webhook by POST to its path
   * @param publisher where subscribers connect by ZeroMQ; port 0 takes a free one
   * @param authority takes back the certificates of nodes that fail
   */
  public record Telling(
      boolean agents,
      Optional<Webhook> webhook,
      Optional<InetSocketAddress> publisher,
      Optional<AuthorityFolder> authority) {
    /** Agents, as Keylime's default has it. */
    public static final Telling AGENTS =
        new Telling(true, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** A verifier called default, with default times, telling agents, nobody listening. */
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
        SeverityPolicy.KEYLIME,
        Telling.AGENTS,
        InstantSource.system(),
        event -> {});
  }

  /** With another name. */
  public VerifierConfig named(String id) {
    return new VerifierConfig(
        id,
        bind,
        identity,
        client,
        owners,
        names,
        database,
        timing,
        severities,
        telling,
        clock,
        events);
  }

  /** With other times. */
  public VerifierConfig with(Timing timing) {
    return new VerifierConfig(
        id,
        bind,
        identity,
        client,
        owners,
        names,
        database,
        timing,
        severities,
        telling,
        clock,
        events);
  }

  /** With other severities. */
  public VerifierConfig with(SeverityPolicy severities) {
    return new VerifierConfig(
        id,
        bind,
        identity,
        client,
        owners,
        names,
        database,
        timing,
        severities,
        telling,
        clock,
        events);
  }

  /** Telling others of revocations in other ways. */
  public VerifierConfig with(Telling telling) {
    return new VerifierConfig(
        id,
        bind,
        identity,
        client,
        owners,
        names,
        database,
        timing,
        severities,
        telling,
        clock,
        events);
  }

  /** With a webhook as well. */
  public VerifierConfig telling(Webhook webhook) {
    return with(
        new Telling(telling.agents, Optional.of(webhook), telling.publisher, telling.authority));
  }

  /** With other owners. */
  public VerifierConfig ownedBy(Owners names) {
    return new VerifierConfig(
        id,
        bind,
        identity,
        client,
        owners,
        names,
        database,
        timing,
        severities,
        telling,
        clock,
        events);
  }

  /** With a listener. */
  public VerifierConfig listening(Consumer<ControlEvent> listener) {
    return new VerifierConfig(
        id,
        bind,
        identity,
        client,
        owners,
        names,
        database,
        timing,
        severities,
        telling,
        clock,
        listener);
  }
}
