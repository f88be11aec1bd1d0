package dev.keystead.http.tls;

import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** What a certificate may be used for in TLS (RFC 5280 section 4.2.1.12). */
public enum Purpose {
  /** A server. */
  SERVER,
  /** A client. */
  CLIENT,
  /** Both. */
  BOTH;

  ExtendedKeyUsage extension() {
    return new ExtendedKeyUsage(
        switch (this) {
          case SERVER -> new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth};
          case CLIENT -> new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth};
          case BOTH ->
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
        });
  }
}
