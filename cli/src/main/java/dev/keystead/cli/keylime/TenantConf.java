package dev.keystead.cli.keylime;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.InputFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What of Keylime's tenant.conf its tenant would take for what is not on the command line: servers,
 * the folder of the owner's certificate, and what is asked of endorsement keys.
 */
record TenantConf(Map<String, String> values) {
  private static final Path DEFAULT = Path.of("/etc/keylime/tenant.conf");
  private static final String HOME = "/var/lib/keylime";

  /** The file that KEYLIME_TENANT_CONFIG names, or the usual one, if it is there. */
  static TenantConf read(Map<String, String> environment) {
    String named = environment.getOrDefault("KEYLIME_TENANT_CONFIG", "");
    if (named.isEmpty() && !Files.exists(DEFAULT)) {
      return new TenantConf(Map.of());
    }
    Path file = named.isEmpty() ? DEFAULT : Path.of(named);
    return parse(
        new String(
            InputFile.read(file, InputFile.SMALL, "the configuration"), StandardCharsets.UTF_8));
  }

  static TenantConf parse(String text) {
    Map<String, String> values = new HashMap<>();
    boolean inside = false;
    for (String raw : text.lines().toList()) {
      String line = raw.strip();
      if (line.startsWith("[")) {
        inside = line.equals("[tenant]");
      } else if (inside && !line.isEmpty() && !line.startsWith("#") && line.contains("=")) {
        int equals = line.indexOf('=');
        values.put(line.substring(0, equals).strip(), unquoted(line.substring(equals + 1).strip()));
      }
    }
    return new TenantConf(Map.copyOf(values));
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /** A value that is there and not empty. */
  Optional<String> value(String key) {
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
  }

  /** {@code host:port}, with brackets around an IPv6 address. */
  String server(String key, Optional<String> host, Optional<String> port, String usualPort) {
    String name = host.or(() -> value(key + "_ip")).orElse("127.0.0.1");
    String number = port.or(() -> value(key + "_port")).orElse(usualPort);
    return (name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name) + ":" + number;
  }

  /** The folder of the owner's certificate; {@code default} is the verifier's own. */
  String tlsFolder() {
    String folder = value("tls_dir").orElse("default");
    if (folder.equals("generate")) {
      throw CommandException.usage(
          "tls_dir = generate in tenant.conf: name the folder that holds the certificates");
    }
    return folder.equals("default")
        ? System.getenv().getOrDefault("KEYLIME_DIR", HOME) + "/cv_ca"
        : folder;
  }

  /** The folder of TPM makers, if endorsement certificates are asked for. */
  Optional<String> makers() {
    boolean wanted = !value("require_ek_cert").orElse("True").equalsIgnoreCase("false");
    return wanted
        ? Optional.of(value("tpm_cert_store").orElse(HOME + "/tpm_cert_store"))
        : Optional.empty();
  }
}
