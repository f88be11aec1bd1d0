package dev.keystead.http.tls;

import java.security.cert.X509CRL;
import java.util.List;

/** Where the revocation lists come from that count at this moment. */
public interface RevocationSource {
  /**
   * The lists that count now.
   *
   * @throws CredentialException if they cannot be had: then nothing is trusted
   */
  List<X509CRL> current();

  /** Always these lists. */
  record Fixed(List<X509CRL> current) implements RevocationSource {
    /** Takes a copy. */
    public Fixed {
      current = List.copyOf(current);
    }
  }
}
