package dev.keystead.http;

import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.Purpose;
import dev.keystead.http.tls.Subject;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.http.tls.TrustedCertificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;

/** What the tests of this package start from. */
final class Fixture {
  static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private Fixture() {}

  static CertificateAuthority authority(String name) {
    return authority(name, InstantSource.system());
  }

  static CertificateAuthority authority(String name, InstantSource clock) {
    return CertificateAuthority.create(name, KeyType.EC_P256, Duration.ofDays(3650), clock);
  }

  static InstantSource daysAgo(int days) {
    return Clock.fixed(Instant.now().minus(Duration.ofDays(days)), ZoneOffset.UTC);
  }

  static TlsIdentity server(CertificateAuthority authority) {
    return authority.issue(
        Subject.local("server"), KeyType.EC_P256, Purpose.SERVER, Duration.ofDays(1));
  }

  static TlsIdentity client(CertificateAuthority authority, String name) {
    return authority.issue(
        Subject.named(name), KeyType.EC_P256, Purpose.CLIENT, Duration.ofDays(1));
  }

  /** Whatever this authority certifies, by today's clock. */
  static TrustedCertificates trust(X509Certificate authority) {
    return TrustedCertificates.authorities(List.of(authority));
  }

  /** Says what the handler saw. */
  static HttpResponse echo(HttpRequest request) {
    String body =
        "%s %s%s %s [%s] %s"
            .formatted(
                request.method(),
                request.target().segments(),
                request.target().trailingSlash() ? "/" : "",
                request.target().query(),
                new String(request.body(), StandardCharsets.UTF_8),
                request
                    .peer()
                    .certificate()
                    .map(c -> c.getSubjectX500Principal().toString())
                    .orElse("anonymous"));
    return HttpResponse.text(200, body);
  }

  static String text(HttpResponse response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
