package dev.keystead.control.rest;

import dev.keystead.http.HttpRefusal;
import dev.keystead.http.Peer;
import dev.keystead.http.tls.Subject;
import dev.keystead.http.tls.TrustedCertificates;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Whose certificates are an owner's. The authority of an installation certifies agents, too, and
 * Keylime tells its certificates apart by their names only: an owner's has one of these common
 * names, exactly one, and no mark of a node.
 *
 * @param names common names
 * @param trust is asked at each request what it has revoked, since a connection may be old
 */
public record Owners(Set<String> names, Optional<TrustedCertificates> trust) {
  /** {@code client}, as Keylime's verifier makes it, and {@code tenant}. */
  public static final Owners DEFAULT = new Owners(Set.of("client", "tenant"));

  /** Takes a copy. */
  public Owners {
    names = Set.copyOf(names);
  }

  /** Owners by these names. */
  public Owners(Set<String> names) {
    this(names, Optional.empty());
  }

  /** The same names, asking this trust at each request what it has revoked. */
  public Owners under(TrustedCertificates trust) {
    return new Owners(names, Optional.of(trust));
  }

  /**
   * Requires a verified certificate of an owner.
   *
   * @throws HttpRefusal 403 for another or none
   */
  public void require(Peer peer) {
    X509Certificate certificate =
        peer.certificate()
            .orElseThrow(() ->
                new HttpRefusal(403, "this needs a client certificate of the owner, over TLS"));
    List<String> common = values(certificate, "CN");
    if (common.size() != 1
        || !names.contains(common.getFirst())
        || values(certificate, "OU").contains(Subject.NODE_UNIT)) {
      throw new HttpRefusal(403, "this client certificate is not an owner's");
    }
    if (trust.isPresent()) {
      requireNotRevoked(trust.get(), peer);
    }
  }

  /** Whether somebody is an owner, where nothing but a limit depends on it. */
  public boolean include(Peer peer) {
    if (peer.certificate().isEmpty()) {
      return false;
    }
    try {
      require(peer);
      return true;
    } catch (HttpRefusal e) {
      return false;
    }
  }

  private static void requireNotRevoked(TrustedCertificates trust, Peer peer) {
    try {
      trust.requireNotRevoked(peer.certificates().orElseThrow());
    } catch (CertificateException e) {
      throw new HttpRefusal(403, "this client certificate has been revoked");
    }
  }

  private static List<String> values(X509Certificate certificate, String attribute) {
    try {
      return new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(rdn -> rdn.size() == 1 && rdn.getType().equalsIgnoreCase(attribute))
              .map(Rdn::getValue)
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .toList();
    } catch (InvalidNameException e) {
      return List.of();
    }
  }
}
