package dev.keystead.cli.config;

import dev.keystead.keylime.config.ConfigFileException;
import dev.keystead.keylime.config.KeylimeConfig;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Our keys that Keylime's options say something about. */
final class KeylimeKeys {
  private static final String ANY = "0.0.0.0";

  private KeylimeKeys() {}

  /**
   * A key of ours.
   *
   * @param options of Keylime's that it is made of
   * @param value as our option takes it; empty when they say nothing
   */
  record Key(String name, List<String> options, Function<KeylimeConfig, Optional<String>> value) {}

  private static final List<Key> REGISTRAR =
      List.of(
          new Key("listen", List.of("ip", "port"), c -> address(c, "port", 8890)),
          new Key("listen-tls", List.of("tls_port"), c -> address(c, "tls_port", 8891)),
          new Key("tpm-identity", List.of("tpm_identity"), c -> c.own("tpm_identity")),
          new Key(
              "malformed-certs",
              List.of("malformed_cert_action"),
              c -> c.own("malformed_cert_action")));

  private static final List<Key> VERIFIER =
      List.of(
          new Key("listen", List.of("ip", "port"), c -> address(c, "port", 8881)),
          new Key("id", List.of("uuid"), c -> c.own("uuid")),
          new Key("interval", List.of("quote_interval"), c -> milliseconds(c, "quote_interval")),
          new Key(
              "webhook",
              List.of("webhook_url"),
              c ->
                  c.text("revocations", "webhook_url")
                      .filter(url -> !url.isEmpty() && tells(c, "webhook"))
                      .map(url -> url.replaceFirst("^http://", "https://"))),
          new Key(
              "zeromq",
              List.of("zmq_ip", "zmq_port"),
              c ->
                  c.text("revocations", "zmq_ip")
                      .filter(ip -> !ip.isEmpty() && tells(c, "zeromq"))
                      .map(ip ->
                          bracketed(ip) + ":" + c.text("revocations", "zmq_port").orElse("8992"))),
          new Key(
              "silent",
              List.of("enabled_revocation_notifications"),
              c ->
                  c.text("revocations", "enabled_revocation_notifications")
                      .map(_ -> Boolean.toString(!tells(c, "agent")))));

  private static final List<Key> AGENT =
      List.of(
          new Key("id", List.of("uuid"), c -> c.own("uuid")),
          new Key("listen", List.of("ip", "port"), c -> address(c, "port", 9002)),
          new Key("contact", List.of("contact_ip"), c -> c.own("contact_ip")),
          new Key(
              "registrar",
              List.of("registrar_ip", "registrar_port"),
              c -> hostPort(c, "registrar_ip", "registrar_port", 8890)),
          new Key("clients", List.of("trusted_client_ca", "keylime_dir"), KeylimeKeys::clients),
          new Key("hash", List.of("tpm_hash_alg"), c -> c.own("tpm_hash_alg")),
          new Key("keys", List.of("tpm_encryption_alg"), KeylimeKeys::algorithm),
          new Key("ima-list", List.of("ima_ml_path"), c -> c.own("ima_ml_path")),
          new Key("boot-log", List.of("measuredboot_ml_path"), c -> c.own("measuredboot_ml_path")),
          new Key("payload-script", List.of("payload_script"), c -> c.own("payload_script")),
          new Key(
              "revocation-actions",
              List.of("revocation_actions"),
              c ->
                  Optional.of(String.join(",", c.list("agent", "revocation_actions")))
                      .filter(names -> !names.isEmpty())),
          new Key(
              "actions-dir",
              List.of("revocation_actions_dir"),
              c -> c.own("revocation_actions_dir")));

  private static final List<Key> NODE =
      List.of(
          new Key(
              "registrar",
              List.of("registrar_ip", "registrar_port"),
              c -> hostPort(c, "registrar_ip", "registrar_port", 8891)),
          new Key(
              "verifier",
              List.of("verifier_ip", "verifier_port"),
              c -> hostPort(c, "verifier_ip", "verifier_port", 8881)),
          new Key("ek-roots", List.of("tpm_cert_store"), c -> c.own("tpm_cert_store")),
          new Key("reference", List.of("mb_refstate"), c -> c.own("mb_refstate")));

  /** The keys that a component's file speaks of. */
  static List<Key> of(String component) {
    return switch (component) {
      case "registrar" -> REGISTRAR;
      case "verifier" -> VERIFIER;
      case "agent" -> AGENT;
      case "tenant" -> NODE;
      default -> List.of();
    };
  }

  /** The verb that a component is; empty when it is none. */
  static String section(String component) {
    return switch (component) {
      case "registrar", "verifier", "agent" -> component;
      case "tenant" -> "node";
      default -> "";
    };
  }

  private static boolean tells(KeylimeConfig config, String way) {
    return config.list("revocations", "enabled_revocation_notifications").contains(way);
  }

  private static Optional<String> address(KeylimeConfig config, String port, int usual) {
    return config.own("ip").isEmpty() && config.number(port).isEmpty()
        ? Optional.empty()
        : Optional.of(
            bracketed(config.own("ip").orElse(ANY))
                + ":"
                + config.number(port).orElse((long) usual));
  }

  private static Optional<String> hostPort(
      KeylimeConfig config, String host, String port, int usual) {
    return config
        .own(host)
        .map(name -> bracketed(name) + ":" + config.number(port).orElse((long) usual));
  }

  private static String bracketed(String host) {
    return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  /** Keylime's times are in seconds, with a fraction if need be. */
  private static Optional<String> milliseconds(KeylimeConfig config, String option) {
    return config
        .own(option)
        .map(text -> {
          try {
            return Long.toString(Math.round(1000 * Double.parseDouble(text)));
          } catch (NumberFormatException e) {
            throw new ConfigFileException("%s: %s is not a number".formatted(option, text));
          }
        });
  }

  private static Optional<String> clients(KeylimeConfig config) {
    List<String> files = config.list("agent", "trusted_client_ca");
    if (files.size() > 1) {
      throw new ConfigFileException("trusted_client_ca: more than one file cannot be used");
    }
    String work = config.own("keylime_dir").orElse("/var/lib/keylime");
    String file = files.isEmpty() ? "default" : files.getFirst();
    return Optional.of(
        file.equals("default")
            ? work + "/cv_ca/cacert.crt"
            : file.startsWith("/") ? file : work + "/" + file);
  }

  private static Optional<String> algorithm(KeylimeConfig config) {
    return config
        .own("tpm_encryption_alg")
        .map(name ->
            switch (name) {
              case "rsa" -> "rsa2048";
              case "ecc" -> "ecc256";
              default -> name;
            });
  }
}
