package dev.keystead.cli.demo;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ControlIdentity;
import dev.keystead.control.registrar.Registrar;
import dev.keystead.control.registrar.RegistrarConfig;
import dev.keystead.control.verifier.Timing;
import dev.keystead.control.verifier.Verifier;
import dev.keystead.control.verifier.VerifierConfig;
import dev.keystead.http.ClientLimits;
import dev.keystead.http.Endpoint;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpClient;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.tenant.Tenant;
import dev.keystead.tenant.TenantConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

/** A registrar and a verifier on free ports of this machine, and the owner's client to them. */
final class DemoControl implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final Path identityFolder;
  private final EventLoops loops;
  private final Registrar registrar;
  private final Verifier verifier;
  private final HttpClient client;
  private final Tenant tenant;
  private final Seen<ControlEvent> events = new Seen<>();

  DemoControl(Path folder, Duration interval) throws IOException {
    InstantSource clock = InstantSource.system();
    identityFolder = folder.resolve("cv_ca");
    ControlIdentity identity = ControlIdentity.open(identityFolder, clock);
    loops = EventLoops.start();
    registrar =
        Registrar.start(
            RegistrarConfig.of(
                    free(), free(), identity.server(), identity.trust(), folder.resolve("reg.db"))
                .listening(events::add),
            loops);
    verifier =
        Verifier.start(
            VerifierConfig.of(
                    free(),
                    identity.server(),
                    identity.client(),
                    identity.trust(),
                    folder.resolve("verifier.db"))
                .with(Timing.DEFAULT.every(interval))
                .listening(events::add),
            loops);
    client = HttpClient.open(loops, ClientLimits.defaults());
    ClientTls tls = ClientTls.mutual(identity.client(), identity.trust());
    tenant =
        new Tenant(
            new TenantConfig(
                Endpoint.tls(HOST, registrar.tlsPort(), tls),
                Endpoint.tls(HOST, verifier.port(), tls),
                identity.client(),
                Duration.ofSeconds(10)),
            client,
            new SecureRandom(),
            clock);
  }

  private static InetSocketAddress free() {
    return new InetSocketAddress(InetAddress.ofLiteral(HOST), 0);
  }

  /** Where agents register. */
  Endpoint registration() {
    return Endpoint.plain(HOST, registrar.plainPort());
  }

  /** The folder with the authority's certificate and the owner's. */
  Path identityFolder() {
    return identityFolder;
  }

  Tenant tenant() {
    return tenant;
  }

  Registrar registrar() {
    return registrar;
  }

  Verifier verifier() {
    return verifier;
  }

  Seen<ControlEvent> events() {
    return events;
  }

  @Override
  public void close() {
    client.close();
    verifier.close();
    registrar.close();
    loops.close();
  }
}
