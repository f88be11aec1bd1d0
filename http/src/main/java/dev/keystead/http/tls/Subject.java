package dev.keystead.http.tls;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Whom a certificate names.
 *
 * @param commonName at most 64 characters
 * @param dnsNames subject alternative names
 * @param addresses subject alternative names
 * @param unit organisational unit
 */
public record Subject(
    String commonName, List<String> dnsNames, List<InetAddress> addresses, Optional<String> unit) {
  /** The organisational unit in certificates that are given to nodes. */
  public static final String NODE_UNIT = "node";

  /** Names without an organisational unit. */
  public Subject(String commonName, List<String> dnsNames, List<InetAddress> addresses) {
    this(commonName, dnsNames, addresses, Optional.empty());
  }

  /** Refuses a common name that is empty or too long. */
  public Subject {
    if (commonName.isBlank() || commonName.length() > 64) {
      throw new CredentialException("common name must have 1 to 64 characters");
    }
    dnsNames = List.copyOf(dnsNames);
    addresses = List.copyOf(addresses);
  }

  /** A common name alone. */
  public static Subject named(String commonName) {
    return new Subject(commonName, List.of(), List.of());
  }

  /** A node, marked as one, so that its certificate is never taken for an owner's. */
  public static Subject node(String commonName) {
    return new Subject(commonName, List.of(), List.of(), Optional.of(NODE_UNIT));
  }

  /** A host that is reached on its own machine, as localhost, 127.0.0.1 and ::1. */
  public static Subject local(String commonName) {
    return new Subject(
        commonName,
        List.of("localhost"),
        List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")));
  }
}
