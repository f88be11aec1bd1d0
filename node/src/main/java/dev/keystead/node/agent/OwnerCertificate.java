package dev.keystead.node.agent;

import dev.keystead.http.Peer;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Whose certificate is an owner's: of those that the trusted authority signed, the ones with the
 * name that Keylime gives to tenant and verifier, and without the mark of a node.
 */
final class OwnerCertificate {
  private static final Set<String> NAMES = Set.of("client", "tenant");
  private static final String NODE_UNIT = "node";

  private OwnerCertificate() {}

  static boolean isOne(Peer peer) {
    return peer.certificate().filter(OwnerCertificate::isOwners).isPresent();
  }

  private static boolean isOwners(X509Certificate certificate) {
    List<String> common = values(certificate, "CN");
    return common.size() == 1
        && NAMES.contains(common.getFirst())
        && !values(certificate, "OU").contains(NODE_UNIT);
  }

  private static List<String> values(X509Certificate certificate, String attribute) {
    try {
      return new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(rdn -> rdn.getType().equalsIgnoreCase(attribute))
              .map(Rdn::getValue)
              .map(String::valueOf)
              .toList();
    } catch (InvalidNameException e) {
      return List.of();
    }
  }
}
