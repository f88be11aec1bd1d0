package dev.keystead.control.migration;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads an installation from one end to the other. */
final class Survey {
  private Survey() {}

  /**
   * Reads all of it, and gives what can be taken to {@code destination} as it comes.
   *
   * @throws MigrationException when a database or the authority cannot be read at all
   */
  static Report read(Installation from, Destination destination) {
    List<Item> items = new ArrayList<>();
    Fingerprint fingerprint = new Fingerprint();
    try (Connection registrar = from.registrar().open();
        Connection verifier = from.verifier().open()) {
      Map<String, byte[]> keys = new RegistrationSurvey(destination, items).read(registrar);
      PolicySurvey policies = new PolicySurvey(destination, items, from.bootEngine());
      policies.read(verifier);
      new NodeSurvey(destination, items, policies, keys, from.verifierId()).read(verifier);
      fingerprint.add(registrar, List.of("registrarmain"));
      fingerprint.add(verifier, List.of("allowlists", "mbpolicies", "verifiermain"));
    } catch (SQLException e) {
      throw new MigrationException(
          "the databases %s and %s cannot be read: %s"
              .formatted(from.registrar().shown(), from.verifier().shown(), e.getMessage()),
          e);
    }
    return new Report(items, fingerprint.hex());
  }
}
