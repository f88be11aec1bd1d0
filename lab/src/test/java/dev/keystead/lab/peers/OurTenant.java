package dev.keystead.lab.peers;

import dev.keystead.http.ClientLimits;
import dev.keystead.http.Endpoint;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpClient;
import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.http.tls.TrustedCertificates;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import dev.keystead.tenant.Tenant;
import dev.keystead.tenant.TenantConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Our tenant, which gives orders to either side's servers and watches what comes of orders. */
final class OurTenant implements AutoCloseable {
  private static final int SECONDS = 60;

  private final EventLoops loops = EventLoops.start(1);
  private final HttpClient client = HttpClient.open(loops, ClientLimits.defaults());
  private final Tenant tenant;

  OurTenant(Places places) throws IOException {
    TlsIdentity owner = CertificateAuthority.load(places.identity(), "client");
    TrustedCertificates trust =
        TrustedCertificates.authorities(
            List.of(
                Certificates.oneFromPem(
                    Files.readString(places.identity().resolve("cacert.crt")))));
    ClientTls tls = ClientTls.mutual(owner, trust);
    tenant =
        new Tenant(
            new TenantConfig(
                Endpoint.tls("127.0.0.1", places.registrar(), tls),
                Endpoint.tls("127.0.0.1", places.verifier(), tls),
                owner,
                Duration.ofSeconds(20)),
            client,
            new SecureRandom(),
            InstantSource.system());
  }

  Tenant orders() {
    return tenant;
  }

  /** What the verifier tells of a node, if it has it. */
  Optional<VerifierAgentStatus> status(AgentId id) {
    return tenant.status(id).attested();
  }

  /** Waits until the verifier tells this of a node. */
  VerifierAgentStatus await(AgentId id, String what, Predicate<VerifierAgentStatus> wanted)
      throws InterruptedException {
    Optional<VerifierAgentStatus> last = Optional.empty();
    for (int i = 0; i < SECONDS * 5; i++) {
      last = status(id);
      if (last.isPresent() && wanted.test(last.get())) {
        return last.get();
      }
      Thread.sleep(200);
    }
    throw new AssertionError("%s is not %s but %s".formatted(id, what, last));
  }

  @Override
  public void close() {
    client.close();
    loops.close();
  }
}
