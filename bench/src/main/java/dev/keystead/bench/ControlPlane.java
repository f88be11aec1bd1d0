package dev.keystead.bench;

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
import dev.keystead.http.tls.TrustedCertificates;
import dev.keystead.tenant.Tenant;
import dev.keystead.tenant.TenantConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/** A registrar and a verifier on free ports of this machine, and their owner. */
final class ControlPlane implements AutoCloseable {
  private static final InetSocketAddress FREE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final String HOST = "127.0.0.1";

  private final EventLoops loops = EventLoops.start();
  private final HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
  private final Registrar registrar;
  private final Verifier verifier;
  private final Tenant tenant;
  private final ControlIdentity identity;

  ControlPlane(Path folder, Timing timing, Consumer<ControlEvent> events) throws IOException {
    InstantSource clock = InstantSource.system();
    identity = ControlIdentity.open(folder.resolve("cv_ca"), clock);
    registrar =
        Registrar.start(
            RegistrarConfig.of(
                FREE, FREE, identity.server(), identity.trust(), folder.resolve("registrar.db")),
            loops);
    verifier =
        Verifier.start(
            VerifierConfig.of(
                    FREE,
                    identity.server(),
                    identity.client(),
                    identity.trust(),
                    folder.resolve("verifier.db"))
                .with(timing)
                .listening(events),
            loops);
    ClientTls tls = ClientTls.mutual(identity.client(), identity.trust());
    tenant =
        new Tenant(
            new TenantConfig(
                Endpoint.tls(HOST, registrar.tlsPort(), tls),
                Endpoint.tls(HOST, verifier.port(), tls),
                identity.client(),
                Duration.ofSeconds(30)),
            client,
            new SecureRandom(),
            clock);
  }

  /** Where agents register. */
  int registrarPort() {
    return registrar.plainPort();
  }

  /** An agent on this machine, as the verifier speaks to it. */
  Endpoint agent(int port, X509Certificate certificate) {
    return Endpoint.tls(
        HOST, port, ClientTls.mutual(identity.client(), TrustedCertificates.pinned(certificate)));
  }

  EventLoops loops() {
    return loops;
  }

  Tenant tenant() {
    return tenant;
  }

  @Override
  public void close() {
    client.close();
    verifier.close();
    registrar.close();
    loops.close();
  }
}
