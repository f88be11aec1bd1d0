package dev.keystead.lab.peers;

import dev.keystead.control.ControlIdentity;
import dev.keystead.control.registrar.Registrar;
import dev.keystead.control.registrar.RegistrarConfig;
import dev.keystead.control.verifier.Timing;
import dev.keystead.control.verifier.Verifier;
import dev.keystead.control.verifier.VerifierConfig;
import dev.keystead.http.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Our registrar and verifier, in this process. */
final class OurServers implements AutoCloseable {
  private final EventLoops loops = EventLoops.start(2);
  private final Registrar registrar;
  private final Verifier verifier;
  private final Places places;

  private OurServers(Path home, int registration, int tls, int port) throws IOException {
    ControlIdentity control = ControlIdentity.open(home.resolve("cv_ca"), InstantSource.system());
    registrar =
        Registrar.start(
            RegistrarConfig.of(
                local(registration),
                local(tls),
                control.server(),
                control.trust(),
                home.resolve("registrar.db")),
            loops);
    verifier =
        Verifier.start(
            VerifierConfig.of(
                    local(port),
                    control.server(),
                    control.client(),
                    control.trust(),
                    home.resolve("verifier.db"))
                .with(
                    Timing.DEFAULT
                        .every(Duration.ofMillis(500))
                        .answering(Duration.ofSeconds(20), 2, Duration.ofMillis(500))),
            loops);
    places = new Places(home, registrar.plainPort(), registrar.tlsPort(), verifier.port());
  }

  /** New ones, on ports of the system's choice. */
  static OurServers start(Path home) throws IOException {
    return new OurServers(home, 0, 0, 0);
  }

  /** In the places of others, with the stores and certificates of this folder. */
  static OurServers inPlaceOf(Places places, Path home) throws IOException {
    return new OurServers(home, places.registration(), places.registrar(), places.verifier());
  }

  private static InetSocketAddress local(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  Places places() {
    return places;
  }

  @Override
  public void close() {
    verifier.close();
    registrar.close();
    loops.close();
  }
}
