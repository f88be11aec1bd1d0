package dev.keystead.http.tls;

import io.netty.handler.ssl.SslContext;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;

/**
 * How a server encrypts and whom it lets in. TLS 1.3, and 1.2 with forward secrecy and
 * authenticated encryption only; no renegotiation, no compression, no resumption: every connection
 * proves the client's key anew. Host names of clients are not looked at.
 */
public final class ServerTls {
  private final TlsIdentity identity;
  private final ClientAuth clientAuth;
  private final Optional<TrustedCertificates> clients;

  private ServerTls(
      TlsIdentity identity, ClientAuth clientAuth, Optional<TrustedCertificates> clients) {
    this.identity = identity;
    this.clientAuth = clientAuth;
    this.clients = clients;
  }

  /** Clients are not asked who they are. */
  public static ServerTls anonymous(TlsIdentity identity) {
    return new ServerTls(identity, ClientAuth.NONE, Optional.empty());
  }

  /** As {@link ClientAuth#OPTIONAL}. */
  public static ServerTls optional(TlsIdentity identity, TrustedCertificates clients) {
    return new ServerTls(identity, ClientAuth.OPTIONAL, Optional.of(clients));
  }

  /** As {@link ClientAuth#REQUIRED}. */
  public static ServerTls required(TlsIdentity identity, TrustedCertificates clients) {
    return new ServerTls(identity, ClientAuth.REQUIRED, Optional.of(clients));
  }

  /** What is asked of clients. */
  public ClientAuth clientAuth() {
    return clientAuth;
  }

  /** The TLS side of one server's connections. */
  public ServerHandshakes handshakes() {
    return new ServerHandshakes(context());
  }

  private SslContext context() {
    return TlsContexts.server(
        identity,
        clientAuth,
        new TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
              throws CertificateException {
            clients
                .orElseThrow(() -> new CertificateException("no client is trusted here"))
                .check(chain, TrustedCertificates.Use.CLIENT);
          }

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return clients
                .map(trust -> trust.authorities().toArray(X509Certificate[]::new))
                .orElseGet(() -> new X509Certificate[0]);
          }
        });
  }
}
