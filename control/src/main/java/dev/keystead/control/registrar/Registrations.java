package dev.keystead.control.registrar;

import dev.keystead.control.ledger.EntryKind;
import dev.keystead.control.ledger.Ledger;
import dev.keystead.control.registrar.Admission.MalformedCertificates;
import dev.keystead.control.registrar.Candidate.DeviceKeys;
import dev.keystead.control.registrar.Candidate.TpmKeys;
import dev.keystead.control.store.Store;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.http.HttpRefusal;
import dev.keystead.http.tls.Certificates;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.tpm.structure.HashAlg;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Active registrations: rows that only an activation makes and only the owner takes away. */
final class Registrations {
  private static final String COLUMNS =
      "agent_id, ek_tpm, ek_name, ekcert, aik_tpm, aik_name, ip, port, mtls_cert, regcount,"
          + " iak_tpm, iak_cert, idevid_tpm, idevid_cert";

  private final Store store;
  private final Ledger ledger;
  private final InstantSource clock;
  private final Admission admission;

  /** An active registration; {@code count} is how often its keys were registered. */
  record Active(Candidate agent, int count) {}

  Registrations(Store store, Ledger ledger, InstantSource clock, Admission admission) {
    this.store = store;
    this.ledger = ledger;
    this.clock = clock;
    this.admission = admission;
  }

  Optional<Active> find(AgentId id) {
    return store.read(connection -> find(connection, id));
  }

  List<AgentId> list() {
    return store.read(connection -> {
      try (PreparedStatement select =
              connection.prepareStatement("SELECT agent_id FROM registration ORDER BY 1");
          ResultSet row = select.executeQuery()) {
        List<AgentId> ids = new ArrayList<>();
        while (row.next()) {
          ids.add(AgentId.of(row.getString(1)));
        }
        return ids;
      }
    });
  }

  /**
   * Checks that this candidate may take its id, as things stand.
   *
   * @throws HttpRefusal 403 when the id belongs to another TPM, or the TPM to another id
   */
  void requireFree(Candidate candidate) {
    store.read(connection -> {
      requireFree(connection, candidate);
      return candidate;
    });
  }

  /**
   * Makes a proved candidate's registration active, or gives the active one its new contact.
   *
   * @throws HttpRefusal as {@link #requireFree}
   */
  void activate(Candidate candidate) {
    store.write(transaction -> {
      requireFree(transaction, candidate);
      boolean again = find(transaction, candidate.id()).isPresent();
      put(transaction, candidate);
      return ledger.append(
          transaction, EntryKind.ACTIVATED, candidate.id().value(), body(candidate, again));
    });
  }

  /** Makes a registration active that another registrar has seen proved, so many times. */
  void adopt(Candidate candidate, int count) {
    store.write(transaction -> {
      put(transaction, candidate);
      try (PreparedStatement update =
          transaction.prepareStatement("UPDATE registration SET regcount = ? WHERE agent_id = ?")) {
        update.setInt(1, count);
        update.setString(2, candidate.id().value());
        update.executeUpdate();
      }
      return ledger.append(
          transaction, EntryKind.TAKEN_OVER, candidate.id().value(), body(candidate, false));
    });
  }

  /** Takes a registration away; false when there is none. */
  boolean delete(AgentId id) {
    return store.write(transaction -> {
      try (PreparedStatement delete =
          transaction.prepareStatement("DELETE FROM registration WHERE agent_id = ?")) {
        delete.setString(1, id.value());
        if (delete.executeUpdate() == 0) {
          return false;
        }
      }
      ledger.append(transaction, EntryKind.REGISTRATION_DELETED, id.value(), Json.object().build());
      return true;
    });
  }

  private Json.Obj body(Candidate candidate, boolean again) {
    JsonObjectBuilder body = body(candidate);
    candidate
        .keys()
        .device()
        .ifPresent(device -> {
          body.put("iak", HexFormat.of().formatHex(HashAlg.SHA256.hash(device.iakCert())));
          device.module().ifPresent(module -> body.put("device", module.serial()));
        });
    List<String> malformed = malformed(candidate.keys());
    if (admission.malformed() == MalformedCertificates.WARN && !malformed.isEmpty()) {
      body.put("malformed", Json.strings(malformed));
    }
    return body.put("again", again).build();
  }

  private static List<String> malformed(TpmKeys keys) {
    List<String> names = new ArrayList<>();
    keys.ekCert().filter(der -> !Certificates.isStrictDer(der)).ifPresent(_ -> names.add("ekcert"));
    keys.device()
        .ifPresent(device -> {
          if (!Certificates.isStrictDer(device.iakCert())) {
            names.add("iak_cert");
          }
          if (!Certificates.isStrictDer(device.idevidCert())) {
            names.add("idevid_cert");
          }
        });
    return names;
  }

  private static JsonObjectBuilder body(Candidate candidate) {
    return Json.object()
        .put("ek", HexFormat.of().formatHex(candidate.keys().ekName()))
        .put("ak", HexFormat.of().formatHex(candidate.keys().akName()))
        .put("contact", candidate.contact().map(ContactAddress::authority).orElse(""));
  }

  private void requireFree(Connection connection, Candidate candidate) throws SQLException {
    Optional<Active> active = find(connection, candidate.id());
    if (active.isPresent() && !active.get().agent.keys().admits(candidate.keys())) {
      throw new HttpRefusal(
          403, "this id is registered with another TPM, certificate or AK: the owner deletes it");
    }
    if (admission.oneIdPerTpm() && otherIdHas(connection, candidate)) {
      throw new HttpRefusal(403, "this TPM is registered under another id: the owner deletes it");
    }
  }

  private static boolean otherIdHas(Connection connection, Candidate candidate)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT 1 FROM registration WHERE (ek_name = ? OR aik_name = ?) AND agent_id <> ?")) {
      select.setBytes(1, candidate.keys().ekName());
      select.setBytes(2, candidate.keys().akName());
      select.setString(3, candidate.id().value());
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  private static Optional<Active> find(Connection connection, AgentId id) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT " + COLUMNS + " FROM registration WHERE agent_id = ?")) {
      select.setString(1, id.value());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(active(id, row)) : Optional.empty();
      }
    }
  }

  private static Active active(AgentId id, ResultSet row) throws SQLException {
    TpmKeys keys =
        new TpmKeys(
            row.getBytes(2),
            row.getBytes(3),
            Optional.ofNullable(row.getBytes(4)),
            row.getBytes(5),
            row.getBytes(6),
            device(row));
    @Nullable String ip = row.getString(7);
    Optional<ContactAddress> contact =
        ip == null ? Optional.empty() : Optional.of(new ContactAddress(ip, row.getInt(8)));
    return new Active(
        new Candidate(id, keys, contact, Optional.ofNullable(row.getString(9))), row.getInt(10));
  }

  private static Optional<DeviceKeys> device(ResultSet row) throws SQLException {
    byte @Nullable [] iak = row.getBytes(11);
    return iak == null
        ? Optional.empty()
        : Optional.of(
            new DeviceKeys(
                iak, row.getBytes(12), row.getBytes(13), row.getBytes(14), Optional.empty()));
  }

  private void put(Connection transaction, Candidate candidate) throws SQLException {
    TpmKeys keys = candidate.keys();
    try (PreparedStatement put =
        transaction.prepareStatement(
            "INSERT INTO registration ("
                + COLUMNS
                + ", activated)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (agent_id) DO UPDATE SET ip = excluded.ip, port = excluded.port,"
                + " mtls_cert = excluded.mtls_cert, activated = excluded.activated,"
                // Of the keys only a device identity can be new.
                + " regcount = CASE WHEN registration.iak_tpm IS NULL"
                + " AND excluded.iak_tpm IS NOT NULL THEN registration.regcount + 1"
                + " ELSE registration.regcount END,"
                + " iak_tpm = excluded.iak_tpm, iak_cert = excluded.iak_cert,"
                + " idevid_tpm = excluded.idevid_tpm, idevid_cert = excluded.idevid_cert")) {
      put.setString(1, candidate.id().value());
      put.setBytes(2, keys.ek());
      put.setBytes(3, keys.ekName());
      put.setBytes(4, keys.ekCert().orElse(null));
      put.setBytes(5, keys.ak());
      put.setBytes(6, keys.akName());
      if (candidate.contact().isPresent()) {
        put.setString(7, candidate.contact().get().host());
        put.setInt(8, candidate.contact().get().port());
      } else {
        put.setNull(7, Types.VARCHAR);
        put.setNull(8, Types.INTEGER);
      }
      put.setString(9, candidate.mtlsCert().orElse(null));
      Optional<DeviceKeys> device = keys.device();
      put.setBytes(10, device.map(DeviceKeys::iak).orElse(null));
      put.setBytes(11, device.map(DeviceKeys::iakCert).orElse(null));
      put.setBytes(12, device.map(DeviceKeys::idevid).orElse(null));
      put.setBytes(13, device.map(DeviceKeys::idevidCert).orElse(null));
      put.setLong(14, clock.millis());
      put.executeUpdate();
    }
  }
}
