package dev.keystead.lab.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keylime's last agent in Python (6.6.0, API 2.1) under our servers. */
@Tag("slow")
@Tag("peers")
class PythonAgentAtOursTest {
  @TempDir private Path folder;

  @Test
  void aNodeIsEnrolledWatchedFoundOutToldAboutTakenBackAndForgotten() throws Exception {
    Path maker = folder.resolve("maker");
    try (OurServers servers = OurServers.start(folder);
        PythonMachine victim = new PythonMachine("victim", folder, maker, servers.places());
        PythonMachine witness = new PythonMachine("witness", folder, maker, servers.places());
        OurTenant watcher = new OurTenant(servers.places())) {
      KeylimeTenant tenant =
          new KeylimeTenant(
              folder.resolve("tenant"), servers.places(), List.of(Chip.issuer(maker)));
      Path authority = Files.createDirectories(folder.resolve("authority"));
      var _ = tenant.authority("-c", "init", "-d", authority.toString());
      new Journey(folder, new KeylimeOwner(tenant, authority), watcher, victim, witness).go();
    }
  }
}
