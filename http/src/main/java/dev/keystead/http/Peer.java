package dev.keystead.http;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Who is at the other end of a connection.
 *
 * @param address where the connection comes from
 * @param tls whether the connection is encrypted
 * @param certificates the client's certificate and what leads from it to the trusted authority,
 *     present only if the client proved possession of its key and the whole path was verified
 */
public record Peer(
    InetSocketAddress address, boolean tls, Optional<List<X509Certificate>> certificates) {
  /** Refuses a chain that is empty or did not come over TLS. */
  public Peer {
    certificates = certificates.map(List::copyOf);
    if (certificates.isPresent() && (!tls || certificates.get().isEmpty())) {
      throw new IllegalArgumentException("certificates without TLS or without a certificate");
    }
  }

  /** The client's own certificate, if it was verified. */
  public Optional<X509Certificate> certificate() {
    return certificates.map(List::getFirst);
  }
}
