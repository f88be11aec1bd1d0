package dev.keystead.http.tls;

import java.util.Optional;

/**
 * How a client encrypts, whom it believes and who it is.
 *
 * @param identity shown when the server asks; empty stays anonymous
 * @param trust what the server's certificate must be
 * @param verifyHost whether the certificate must also name the host that is connected to, in its
 *     subject alternative names, letter for letter (no wildcards)
 */
public record ClientTls(
    Optional<TlsIdentity> identity, TrustedCertificates trust, boolean verifyHost) {
  /** With an identity, trusting a server by its certificate alone, as Keylime does. */
  public static ClientTls mutual(TlsIdentity identity, TrustedCertificates trust) {
    return new ClientTls(Optional.of(identity), trust, false);
  }

  /** Without an identity, trusting a server by its certificate alone. */
  public static ClientTls anonymous(TrustedCertificates trust) {
    return new ClientTls(Optional.empty(), trust, false);
  }

  /** The same, but the certificate must also name the host. */
  public ClientTls verifyingHost() {
    return new ClientTls(identity, trust, true);
  }
}
