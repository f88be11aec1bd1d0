package dev.keystead.http.tls;

import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;

/** The certificates of the other end of a connection. */
public final class VerifiedPeer {
  private VerifiedPeer() {}

  /** The chain that was verified in the finished handshake of this engine, if there was one. */
  public static Optional<List<X509Certificate>> chain(SSLEngine engine) {
    try {
      return Optional.of(
          Arrays.stream(engine.getSession().getPeerCertificates())
              .map(X509Certificate.class::cast)
              .toList());
    } catch (SSLPeerUnverifiedException e) {
      // How JSSE says that the client stayed anonymous: a bad certificate ends the handshake.
      return Optional.empty();
    }
  }
}
