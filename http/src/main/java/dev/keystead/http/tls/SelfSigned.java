package dev.keystead.http.tls;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Self-signed identities, as Keylime's agents show them: whoever relies on one pins the certificate
 * whole.
 */
public final class SelfSigned {
  private SelfSigned() {}

  /** A new EC P-256 key with a certificate for it. */
  public static TlsIdentity identity(Subject subject, Instant now, Duration validity) {
    return identity(PrivateKeys.generate(KeyType.EC_P256), subject, now, validity);
  }

  /** A certificate for a key that is there already. */
  public static TlsIdentity identity(
      KeyPair pair, Subject subject, Instant now, Duration validity) {
    var name = CertificateBuilder.name(subject.commonName());
    X509Certificate certificate =
        new CertificateBuilder(name, name, pair.getPublic(), now, validity)
            .selfSigned(subject, pair.getPrivate());
    return new TlsIdentity(pair.getPrivate(), List.of(certificate));
  }
}
