package dev.keystead.tenant;

import dev.keystead.http.Endpoint;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.WireException;
import dev.keystead.tenant.TenantException.Problem;
import java.time.Duration;

/**
 * Whom the owner talks to, and as who.
 *
 * @param registrar its TLS port; the endpoint shows {@code identity}
 * @param verifier likewise
 * @param identity the owner's client certificate, which agents are shown too
 * @param patience how long an order that a server has taken may be under way
 */
public record TenantConfig(
    Endpoint registrar, Endpoint verifier, TlsIdentity identity, Duration patience) {
  /** Refuses a verifier whose address agents' records could not hold. */
  public TenantConfig {
    var _ = address(verifier);
  }

  ContactAddress verifierAddress() {
    return address(verifier);
  }

  private static ContactAddress address(Endpoint endpoint) {
    try {
      return new ContactAddress(endpoint.host(), endpoint.port());
    } catch (WireException e) {
      throw new TenantException(
          Problem.BAD_INPUT, "the verifier's address is not usable: " + e.getMessage(), e);
    }
  }
}
