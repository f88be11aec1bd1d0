package dev.keystead.control.migration;

import dev.keystead.control.migration.Item.Kind;
import dev.keystead.control.registrar.RegistrationImport;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.http.tls.Pem;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.registration.Registration;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads Keylime's table of registrations. */
final class RegistrationSurvey {
  private static final List<String> KEYS = List.of("aik_tpm", "ek_tpm", "ekcert");
  private static final List<String> DEVICE =
      List.of("iak_tpm", "idevid_tpm", "iak_cert", "idevid_cert");

  private static final String DEVICE_LEFT =
      "its IDevID and IAK are left: Keylime does not keep what proves them";

  private final Destination destination;
  private final List<Item> items;
  private final Map<String, byte[]> attestationKeys = new HashMap<>();

  RegistrationSurvey(Destination destination, List<Item> items) {
    this.destination = destination;
    this.items = items;
  }

  /** Reads all of them; what it returns are the attestation keys by id. */
  Map<String, byte[]> read(Connection connection) throws SQLException {
    SourceRow.each(connection, "registrarmain", "agent_id", this::read);
    return attestationKeys;
  }

  private void read(SourceRow row) {
    String name = row.text("agent_id").orElse("");
    if (!row.flag("active")) {
      items.add(
          Item.left(Kind.REGISTRATION, name, "was never activated; its agent registers again"));
      return;
    }
    try {
      AgentId id = AgentId.of(name);
      Registration registration = Registration.parse(json(row));
      RegistrationImport.check(id, registration);
      int count = Math.toIntExact(row.number("regcount").orElse(1L));
      destination.registration(id, registration, count);
      attestationKeys.put(name, registration.ak().toSizedBytes());
      items.add(
          DEVICE.stream().allMatch(column -> row.text(column).isEmpty())
              ? Item.taken(Kind.REGISTRATION, name, "")
              : Item.changed(Kind.REGISTRATION, name, DEVICE_LEFT));
    } catch (WireException | EvidenceException e) {
      items.add(Item.refused(Kind.REGISTRATION, name, String.valueOf(e.getMessage())));
    }
  }

  private static Json.Obj json(SourceRow row) {
    JsonObjectBuilder out = Json.object();
    for (String column : KEYS) {
      row.text(column).ifPresent(value -> out.put(column, value));
    }
    row.text("mtls_cert").ifPresent(value -> out.put("mtls_cert", certificate(value)));
    row.text("ip").ifPresent(value -> out.put("ip", value));
    row.number("port").ifPresent(value -> out.put("port", value));
    return out.build();
  }

  /** A certificate is kept as PEM, as the base64 of its DER, or as the word {@code disabled}. */
  static String certificate(String value) {
    if (value.startsWith("-----") || value.equals("disabled")) {
      return value;
    }
    try {
      return Pem.encode("CERTIFICATE", Base64.getMimeDecoder().decode(value));
    } catch (IllegalArgumentException e) {
      throw WireException.malformed("mtls_cert", "is neither PEM nor base64");
    }
  }
}
