package dev.keystead.control.verifier;

import dev.keystead.control.ledger.Ledger;
import dev.keystead.control.ledger.Refusals;
import dev.keystead.control.push.PushBodyLimit;
import dev.keystead.control.push.PushLimits;
import dev.keystead.control.push.PushRoutes;
import dev.keystead.control.rest.Replies;
import dev.keystead.control.rest.Route;
import dev.keystead.control.rest.Routes;
import dev.keystead.control.revocation.Courier;
import dev.keystead.control.revocation.Notices;
import dev.keystead.control.revocation.Publisher;
import dev.keystead.control.revocation.Recipient;
import dev.keystead.control.store.Store;
import dev.keystead.http.ClientLimits;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpClient;
import dev.keystead.http.HttpServer;
import dev.keystead.http.ServerConfig;
import dev.keystead.http.tls.ServerTls;
import dev.keystead.keylime.AgentId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Watches nodes for their owner: asks each again and again for evidence, has it appraised, gives it
 * its share of the bootstrap key once it is trusted, and tells the others when it is trusted no
 * more. Every decision is in the ledger before anything follows from it.
 */
public final class Verifier implements AutoCloseable {
  /** Under these names the webhook and subscribers are recipients; no agent can have them. */
  private static final String WEBHOOK = "*webhook";

  private static final String SUBSCRIBERS = "*zeromq";
  private static final String AUTHORITY = "*authority";

  private static final int MAX_REPLY = 64 << 20;

  private final Store store;
  private final Ledger ledger;
  private final Refusals refusals;
  private final HttpClient client;
  private final Watch watch;
  private final Courier courier;
  private final Optional<Publisher> publisher;
  private final HttpServer server;

  private Verifier(
      Store store,
      Ledger ledger,
      Refusals refusals,
      HttpClient client,
      Watch watch,
      Courier courier,
      Optional<Publisher> publisher,
      HttpServer server) {
    this.store = store;
    this.ledger = ledger;
    this.refusals = refusals;
    this.client = client;
    this.watch = watch;
    this.courier = courier;
    this.publisher = publisher;
    this.server = server;
  }

  /**
   * Opens the database, goes on with what it holds, and starts to listen.
   *
   * @throws IOException if the address cannot be bound
   */
  public static Verifier start(VerifierConfig config, EventLoops loops) throws IOException {
    Store store = Store.open(config.database());
    try {
      return start(config, loops, store);
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private static Verifier start(VerifierConfig config, EventLoops loops, Store store)
      throws IOException {
    Timing timing = config.timing();
    Ledger ledger = new Ledger(store, config.clock());
    Refusals refusals = new Refusals(store, ledger, config.clock());
    Notices notices = new Notices(store, ledger);
    Nodes nodes = new Nodes(store);
    listRecipients(config.telling(), store, notices);
    Optional<Publisher> publisher = publisher(config.telling());
    HttpClient client = HttpClient.open(loops, limits(timing));
    Decisions decisions =
        new Decisions(
            store, ledger, notices, config.telling().agents(), timing.noticeLife(), config.clock());
    Directory directory = new Directory(config.telling(), publisher);
    Courier courier =
        new Courier(
            notices,
            client,
            directory,
            timing.notice(),
            timing.noticeRetry(),
            config.clock(),
            config.events());
    Watch watch =
        new Watch(
            new Rounds(client, timing.request()),
            decisions,
            courier::wake,
            timing,
            config.severities(),
            config.clock(),
            config.events());
    directory.watch = Optional.of(watch);
    Enrolments enrolments = new Enrolments(nodes, decisions, watch, config);
    HttpServer server;
    try {
      enrolments.resume();
      PushRoutes push =
          new PushRoutes(
              id ->
                  watch
                      .find(id)
                      .filter(node -> node.enrolment.isPush())
                      .map(node -> node.pushed(n -> new PushedNode(n, watch, config.clock()))),
              config.names().under(config.owners()),
              refusals,
              timing.interval(),
              PushLimits.DEFAULT,
              config.clock());
      List<Route> routes = new ArrayList<>(new VerifierRoutes(enrolments, refusals).table());
      routes.addAll(new PolicyRoutes(enrolments).table());
      routes.addAll(new VerificationRoutes(watch, config.clock()).table());
      routes.addAll(push.table());
      Routes handler =
          new Routes(
              routes,
              config.names().under(config.owners()),
              () ->
                  refusals.record(
                      Refusals.Kind.UNAUTHORISED, "", "an owner's route without a certificate"));
      server =
          HttpServer.start(
              loops,
              ServerConfig.tls(
                      config.bind(), ServerTls.optional(config.identity(), config.owners()))
                  .withBodyLimit(
                      new PushBodyLimit(
                          push, VerifierRoutes.bodyLimit(config.names().under(config.owners()))))
                  .withErrors(Replies::error),
              handler);
    } catch (IOException | RuntimeException e) {
      watch.close();
      courier.close();
      publisher.ifPresent(Publisher::close);
      client.close();
      throw e;
    }
    courier.wake();
    return new Verifier(store, ledger, refusals, client, watch, courier, publisher, server);
  }

  private static Optional<Publisher> publisher(VerifierConfig.Telling telling) throws IOException {
    return telling.publisher().isPresent()
        ? Optional.of(Publisher.bind(telling.publisher().get()))
        : Optional.empty();
  }

  private static void listRecipients(VerifierConfig.Telling telling, Store store, Notices notices) {
    Map<String, Boolean> recipients = new LinkedHashMap<>();
    recipients.put(WEBHOOK, telling.webhook().isPresent());
    recipients.put(SUBSCRIBERS, telling.publisher().isPresent());
    recipients.put(AUTHORITY, telling.authority().isPresent());
    store.write(transaction -> {
      for (var recipient : recipients.entrySet()) {
        if (recipient.getValue()) {
          notices.addRecipient(transaction, recipient.getKey());
        } else {
          notices.removeRecipient(transaction, recipient.getKey());
        }
      }
      return recipients;
    });
  }

  private static ClientLimits limits(Timing timing) {
    return ClientLimits.defaults()
        .withBody(MAX_REPLY)
        .withTimes(timing.request(), timing.request(), timing.request())
        .withIdle(timing.interval().plus(timing.deadline()))
        .withConnections(2);
  }

  /** Where recipients of notices are. */
  private static final class Directory implements Function<String, Optional<Recipient>> {
    private final VerifierConfig.Telling telling;
    private final Optional<Publisher> publisher;
    private volatile Optional<Watch> watch = Optional.empty();

    Directory(VerifierConfig.Telling telling, Optional<Publisher> publisher) {
      this.telling = telling;
      this.publisher = publisher;
    }

    @Override
    public Optional<Recipient> apply(String name) {
      if (name.equals(WEBHOOK)) {
        return telling.webhook().map(to -> new Recipient.Post(to.endpoint(), to.path()));
      }
      if (name.equals(AUTHORITY)) {
        return telling.authority().map(Recipient.Authority::new);
      }
      if (name.equals(SUBSCRIBERS)) {
        return publisher.map(Recipient.Subscribers::new);
      }
      return watch
          .flatMap(nodes -> nodes.find(AgentId.of(name)))
          .flatMap(node ->
              node.endpoint.map(
                  to -> new Recipient.Post(to, node.path("notifications/revocation"))));
    }
  }

  /** The port for TLS. */
  public int port() {
    return server.port();
  }

  /** The port for subscribers to revocations, if there is one. */
  public OptionalInt publisherPort() {
    return publisher.stream().mapToInt(Publisher::port).findFirst();
  }

  /** What was decided. */
  public Ledger ledger() {
    return ledger;
  }

  /** Answers what is under way, stops watching, writes progress down, closes the database. */
  @Override
  public void close() {
    server.close();
    watch.close();
    courier.close();
    publisher.ifPresent(Publisher::close);
    client.close();
    refusals.close();
    store.close();
  }
}
