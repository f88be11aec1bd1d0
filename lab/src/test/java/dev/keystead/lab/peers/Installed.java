package dev.keystead.lab.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where scripts/peers.sh has put one version of Keylime. */
record Installed(Path home) {
  /** Registrar, verifier, tenant and policy tool. */
  static Installed servers() {
    return named("servers-7.14.3");
  }

  /** The last agent that was written in Python. */
  static Installed agent() {
    return named("agent-6.6.0");
  }

  private static Installed named(String name) {
    Path home = Path.of(System.getProperty("keystead.peers", "../target/peers"), name);
    if (!Files.exists(home.resolve(".complete"))) {
      throw new AssertionError("run scripts/peers.sh first: there is no " + home);
    }
    return new Installed(home.toAbsolutePath().normalize());
  }

  /** One of its programs. */
  String program(String name) {
    return home.resolve("env/bin").resolve(name).toString();
  }

  /** Writes the configuration files that it comes with into a folder, which is there. */
  List<String> writeDefaults(Path folder) {
    return List.of(
        program("keylime_upgrade_config"),
        "--defaults",
        "--templates",
        home.resolve("templates").toString(),
        "--out",
        folder.toString());
  }
}
