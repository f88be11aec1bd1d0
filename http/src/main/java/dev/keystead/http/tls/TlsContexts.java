package dev.keystead.http.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** BoringSSL contexts with one set of parameters for every connection of Keystead. */
final class TlsContexts {
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private TlsContexts() {}

  static SslContext server(TlsIdentity identity, ClientAuth clientAuth, TrustManager clients) {
    return build(
        SslContextBuilder.forServer(identity.key(), identity.chain())
            .trustManager(clients)
            .clientAuth(
                switch (clientAuth) {
                  case NONE -> io.netty.handler.ssl.ClientAuth.NONE;
                  case OPTIONAL -> io.netty.handler.ssl.ClientAuth.OPTIONAL;
                  case REQUIRED -> io.netty.handler.ssl.ClientAuth.REQUIRE;
                }));
  }

  static SslContext client(Optional<TlsIdentity> identity, TrustManager servers) {
    // Host names are the trust manager's business.
    SslContextBuilder builder =
        SslContextBuilder.forClient().trustManager(servers).endpointIdentificationAlgorithm(null);
    identity.ifPresent(own -> builder.keyManager(own.key(), own.chain()));
    return build(builder);
  }

  /** Takes session tickets, which Netty allows again for TLS 1.3, out of one connection. */
  static SslHandler withoutTickets(SslHandler handler) {
    long ssl = ((ReferenceCountedOpenSslEngine) handler.engine()).sslPointer();
    SSL.setOptions(ssl, SSL.SSL_OP_NO_TICKET);
    return handler;
  }

  private static SslContext build(SslContextBuilder builder) {
    OpenSsl.ensureAvailability();
    try {
      SslContext context =
          builder
              .sslProvider(SslProvider.OPENSSL)
              .protocols("TLSv1.3", "TLSv1.2")
              .ciphers(CIPHERS)
              .build();
      // A resumed session would not be checked against the trust of this connection.
      ((OpenSslSessionContext) context.sessionContext()).setSessionCacheEnabled(false);
      return context;
    } catch (SSLException e) {
      throw new CredentialException("identity cannot be used for TLS", e);
    }
  }
}
