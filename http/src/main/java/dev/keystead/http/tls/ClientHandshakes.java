package dev.keystead.http.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;

/**
 * Makes the TLS side of client connections. There is one context per identity, however many servers
 * with certificates of their own there are: what is trusted is looked up by connection.
 */
public final class ClientHandshakes {
  private record Expected(ClientTls tls, String host) {}

  private final Map<Optional<TlsIdentity>, SslContext> contexts = new ConcurrentHashMap<>();
  private final Map<SSLEngine, Expected> open = new ConcurrentHashMap<>();

  /** A handler for one connection; give it back with {@link #ended} when the connection closes. */
  public SslHandler begin(ClientTls tls, String host, int port, ByteBufAllocator alloc) {
    SslContext context =
        contexts.computeIfAbsent(tls.identity(), key -> TlsContexts.client(key, new ByEngine()));
    SslHandler handler = TlsContexts.withoutTickets(context.newHandler(alloc, host, port));
    open.put(handler.engine(), new Expected(tls, host));
    return handler;
  }

  /** The connection of this handler is closed. */
  public void ended(SslHandler handler) {
    open.remove(handler.engine());
  }

  private final class ByEngine extends TrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      Expected expected = open.get(engine);
      if (expected == null) {
        throw new CertificateException("nothing is known of this connection");
      }
      expected.tls.trust().check(chain, TrustedCertificates.Use.SERVER);
      if (expected.tls.verifyHost()) {
        HostNames.check(chain[0], expected.host);
      }
    }
  }
}
