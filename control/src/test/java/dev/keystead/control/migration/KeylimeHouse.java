package dev.keystead.control.migration;

import dev.keystead.control.TestTpm;
import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.KeyType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Keylime installation as its files and tables are, with rows of a test's choice. */
final class KeylimeHouse {
  static final String POLICY =
      """
      {"meta":{"version":1,"generator":3},"release":0,"digests":{"/bin/sh":["%s"]},"excludes":[],\
      "keyrings":{},"ima":{"ignored_keyrings":[],"log_hash_alg":"sha1","dm_policy":null},\
      "ima-buf":{},"verification-keys":""}\
      """
          .formatted("ab".repeat(32));

  private static final List<String> IDENTITY =
      List.of(
          "cacert.crt",
          "cacrl.der",
          "private.yml",
          "server-private.pem",
          "server-cert.crt",
          "client-private.pem",
          "client-cert.crt");

  private final Path folder;

  KeylimeHouse(Path folder) throws IOException, SQLException {
    this.folder = folder;
    Path identity = Files.createDirectories(folder.resolve("dir/cv_ca"));
    for (String name : IDENTITY) {
      try (InputStream in = KeylimeHouse.class.getResourceAsStream("cv_ca/" + name)) {
        Files.write(identity.resolve(name), in.readAllBytes());
      }
    }
    Files.createDirectories(folder.resolve("conf"));
    configure("verifier", "tls_dir = generate", "port = 1", "database_url = sqlite");
    configure("registrar", "tls_dir = default", "port = 1", "tls_port = 1");
    configure("ca", "password = default");
    sql(
        "reg_data.sqlite",
        "CREATE TABLE registrarmain (agent_id VARCHAR(80) PRIMARY KEY, \"key\" VARCHAR(45),"
            + " ekcert TEXT, virtual BOOLEAN, active BOOLEAN, provider_keys TEXT, regcount INTEGER,"
            + " aik_tpm VARCHAR(500), ek_tpm VARCHAR(500), ip VARCHAR(15), port INTEGER,"
            + " mtls_cert TEXT)");
    sql(
        "cv_data.sqlite",
        "CREATE TABLE allowlists (id INTEGER PRIMARY KEY, name VARCHAR(255), tpm_policy TEXT,"
            + " ima_policy TEXT, checksum VARCHAR(128), generator INTEGER)",
        "CREATE TABLE mbpolicies (id INTEGER PRIMARY KEY, name VARCHAR(255), mb_policy TEXT)",
        "CREATE TABLE verifiermain (agent_id VARCHAR(80) PRIMARY KEY, v VARCHAR(45), ip"
            + " VARCHAR(255), port INTEGER, operational_state INTEGER, tpm_policy TEXT, meta_data"
            + " TEXT, revocation_key VARCHAR(2800), accept_tpm_hash_algs TEXT,"
            + " accept_tpm_encryption_algs TEXT, accept_tpm_signing_algs TEXT,"
            + " ima_sign_verification_keys VARCHAR(1000), verifier_id VARCHAR(100), verifier_ip"
            + " VARCHAR(255), verifier_port INTEGER, last_event_id VARCHAR(100),"
            + " supported_version VARCHAR(50), ak_tpm VARCHAR(500), mtls_cert VARCHAR(2084),"
            + " attestation_count INTEGER, ima_policy_id INTEGER, last_received_quote INTEGER,"
            + " last_successful_attestation INTEGER, mb_policy_id INTEGER)");
  }

  KeylimeHouse configure(String component, String... options) throws IOException {
    Files.writeString(
        folder.resolve("conf").resolve(component + ".conf"),
        "[" + component + "]\n" + String.join("\n", options) + "\n");
    return this;
  }

  Path work() {
    return folder.resolve("dir");
  }

  Migration to(Path target) throws IOException {
    return to(target, Optional.empty());
  }

  Migration to(Path target, Optional<String> password) throws IOException {
    return new Migration(
        Installation.read(folder.resolve("conf"), work(), password),
        target,
        InstantSource.system());
  }

  private void sql(String database, String... statements) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + work().resolve(database));
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.executeUpdate(each);
      }
    }
  }

  private void insert(String database, String table, Map<String, Object> row) throws SQLException {
    String columns = "\"" + String.join("\", \"", row.keySet()) + "\"";
    String marks = "?" + ", ?".repeat(row.size() - 1);
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + work().resolve(database));
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO %s (%s) VALUES (%s)".formatted(table, columns, marks))) {
      int i = 1;
      for (Object value : row.values()) {
        insert.setObject(i++, value);
      }
      insert.executeUpdate();
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** A row of the registrar's, as its agent was activated. */
  static Map<String, Object> registration(String id, TestTpm tpm) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("agent_id", id);
    row.put("active", 1);
    row.put("regcount", 3);
    row.put("aik_tpm", base64(tpm.ak().area().toSizedBytes()));
    row.put("ek_tpm", base64(tpm.ek().toSizedBytes()));
    row.put("ip", "127.0.0.1");
    row.put("port", 9002);
    row.put("mtls_cert", "disabled");
    return row;
  }

  /** A row of the verifier's, of a node that it trusts. */
  static Map<String, Object> node(String id, TestTpm tpm) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("agent_id", id);
    row.put("v", base64(new byte[32]));
    row.put("ip", "127.0.0.1");
    row.put("port", 9002);
    row.put("operational_state", 3);
    row.put("tpm_policy", "\"{\\\"mask\\\": \\\"0x400\\\"}\"");
    row.put("meta_data", "{\"cert_serial\": 3}");
    row.put("accept_tpm_hash_algs", "[\"sha256\"]");
    row.put("accept_tpm_encryption_algs", "[\"ecc\"]");
    row.put("accept_tpm_signing_algs", "[\"ecdsa\"]");
    row.put("verifier_id", "default");
    row.put("supported_version", "2.1");
    row.put("ak_tpm", base64(tpm.ak().area().toSizedBytes()));
    row.put("mtls_cert", certificate());
    row.put("attestation_count", 17);
    row.put("ima_policy_id", 1);
    row.put("last_received_quote", 1_700_000_000);
    row.put("last_successful_attestation", 1_700_000_000);
    return row;
  }

  private static String certificate() {
    return Certificates.toPem(
        CertificateAuthority.create(
                "agent", KeyType.EC_P256, Duration.ofDays(1), InstantSource.system())
            .certificate());
  }

  void addRegistration(Map<String, Object> row) throws SQLException {
    insert("reg_data.sqlite", "registrarmain", row);
  }

  void addNode(Map<String, Object> row) throws SQLException {
    insert("cv_data.sqlite", "verifiermain", row);
  }

  void addRuntimePolicy(int id, String name, String json) throws SQLException {
    insert("cv_data.sqlite", "allowlists", Map.of("id", id, "name", name, "ima_policy", json));
  }

  /** The bytes of every file. */
  Map<String, Long> files() {
    Map<String, Long> files = new LinkedHashMap<>();
    try (var all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        java.util.zip.CRC32 sum = new java.util.zip.CRC32();
        sum.update(Files.readAllBytes(file));
        files.put(file.toString(), sum.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }
}
