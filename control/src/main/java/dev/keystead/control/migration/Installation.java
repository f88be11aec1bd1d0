package dev.keystead.control.migration;

import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.keylime.config.KeylimeConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a Keylime 7 installation keeps what, as its configuration files say.
 *
 * @param registrar the registrar's database
 * @param verifier the verifier's database
 * @param verifierId which of the rows in it are this verifier's
 * @param bootEngine what its verifier judged boots with
 * @param identity the authority and the certificates
 * @param ports that its servers listen on: registrar without and with TLS, verifier
 */
public record Installation(
    SourceDatabase registrar,
    SourceDatabase verifier,
    String verifierId,
    String bootEngine,
    KeylimeIdentity identity,
    List<Integer> ports) {

  /**
   * Reads {@code registrar.conf}, {@code verifier.conf} and, if it is there, {@code ca.conf}, with
   * the snippets in their {@code .d} folders.
   *
   * @param folder usually {@code /etc/keylime}
   * @param work usually {@code /var/lib/keylime}
   * @param password of the authority's key; without it the one in ca.conf
   * @throws IOException if a file cannot be read
   * @throws MigrationException if something is set up in a way that cannot be taken over
   */
  public static Installation read(Path folder, Path work, Optional<String> password)
      throws IOException {
    KeylimeConfig registrar = config(folder, "registrar");
    KeylimeConfig verifier = config(folder, "verifier");
    Optional<String> key =
        password.isPresent() || !Files.exists(folder.resolve("ca.conf"))
            ? password
            : config(folder, "ca").text("password");
    return new Installation(
        SourceDatabase.of(url(registrar), work, "reg_data.sqlite"),
        SourceDatabase.of(url(verifier), work, "cv_data.sqlite"),
        verifier.own("uuid").orElse("default"),
        verifier.own("measured_boot_policy_name").orElse("accept-all"),
        KeylimeIdentity.of(registrar, verifier, work, key.orElse("default")),
        List.of(
            port(registrar, "port", 8890),
            port(registrar, "tls_port", 8891),
            port(verifier, "port", 8881)));
  }

  private static String url(KeylimeConfig config) {
    return config.text("database_url").filter(url -> !url.isEmpty()).orElse("sqlite");
  }

  private static int port(KeylimeConfig config, String option, int usual) {
    return Math.toIntExact(config.number(option).orElse((long) usual));
  }

  private static KeylimeConfig config(Path folder, String component) throws IOException {
    KeylimeConfig config = file(folder.resolve(component + ".conf"));
    Path snippets = folder.resolve(component + ".conf.d");
    if (Files.isDirectory(snippets)) {
      try (Stream<Path> files = Files.list(snippets)) {
        for (Path snippet : files.filter(Files::isRegularFile).sorted().toList()) {
          config = config.overriddenBy(file(snippet));
        }
      }
    }
    return config;
  }

  private static KeylimeConfig file(Path file) throws IOException {
    byte[] text = PrivateFiles.read(file, KeylimeConfig.MAX_LENGTH);
    return KeylimeConfig.parse(new String(text, StandardCharsets.UTF_8));
  }
}
