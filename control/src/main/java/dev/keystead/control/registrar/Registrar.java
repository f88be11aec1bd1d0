package dev.keystead.control.registrar;

import dev.keystead.control.ledger.Ledger;
import dev.keystead.control.ledger.Refusals;
import dev.keystead.control.rest.Replies;
import dev.keystead.control.rest.Routes;
import dev.keystead.control.store.Store;
import dev.keystead.http.BodyLimit;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpServer;
import dev.keystead.http.ServerConfig;
import dev.keystead.http.tls.ServerTls;
import java.io.IOException;
import java.security.SecureRandom;

/**
 * Knows which TPM speaks for which agent. Over plain HTTP anybody may register and activate; over
 * TLS the owner, too, may ask and delete. Keys are looked at before a challenge is made for them, a
 * registration changes nothing until its TPM has proved itself, and what is active is changed by
 * nobody without that TPM but the owner.
 */
public final class Registrar implements AutoCloseable {
  private final Store store;
  private final Ledger ledger;
  private final Refusals refusals;
  private final HttpServer plain;
  private final HttpServer tls;

  private Registrar(
      Store store, Ledger ledger, Refusals refusals, HttpServer plain, HttpServer tls) {
    this.store = store;
    this.ledger = ledger;
    this.refusals = refusals;
    this.plain = plain;
    this.tls = tls;
  }

  /**
   * Opens the database and starts to listen.
   *
   * @throws IOException if an address cannot be bound
   */
  public static Registrar start(RegistrarConfig config, EventLoops loops) throws IOException {
    Store store = Store.open(config.database());
    Ledger ledger = new Ledger(store, config.clock());
    Refusals refusals = new Refusals(store, ledger, config.clock());
    Routes routes = routes(config, store, ledger, refusals);
    HttpServer plain = null;
    try {
      plain = HttpServer.start(loops, answering(ServerConfig.plain(config.plain())), routes);
      ServerTls server = ServerTls.optional(config.identity(), config.owners());
      HttpServer tls =
          HttpServer.start(loops, answering(ServerConfig.tls(config.tls(), server)), routes);
      return new Registrar(store, ledger, refusals, plain, tls);
    } catch (IOException | RuntimeException e) {
      if (plain != null) {
        plain.close();
      }
      store.close();
      throw e;
    }
  }

  private static Routes routes(
      RegistrarConfig config, Store store, Ledger ledger, Refusals refusals) {
    Proposals.Limits limits = Proposals.Limits.DEFAULT.lasting(config.challengeAge());
    RegistrarRoutes routes =
        new RegistrarRoutes(
            new Proposals(limits, config.clock(), new SecureRandom()),
            new Registrations(store, ledger, config.clock(), config.admission()),
            config.admission(),
            refusals,
            config.clock(),
            config.events());
    return new Routes(
        routes.table(),
        config.names().under(config.owners()),
        () ->
            refusals.record(
                Refusals.Kind.UNAUTHORISED, "", "an owner's route without a certificate"));
  }

  private static ServerConfig answering(ServerConfig config) {
    return config.withBodyLimit(BodyLimit.of(RegistrarRoutes.MAX_BODY)).withErrors(Replies::error);
  }

  /** The port for plain HTTP. */
  public int plainPort() {
    return plain.port();
  }

  /** The port for TLS. */
  public int tlsPort() {
    return tls.port();
  }

  /** What was decided. */
  public Ledger ledger() {
    return ledger;
  }

  /** Answers what is under way, then closes sockets and database. */
  @Override
  public void close() {
    plain.close();
    tls.close();
    refusals.close();
    store.close();
  }
}
