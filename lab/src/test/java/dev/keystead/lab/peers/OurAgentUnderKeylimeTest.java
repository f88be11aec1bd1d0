package dev.keystead.lab.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our agent under Keylime's registrar and verifier, enrolled by Keylime's tenant. */
@Tag("slow")
@Tag("peers")
class OurAgentUnderKeylimeTest {
  @TempDir private Path folder;

  @Test
  void aNodeIsEnrolledWatchedFoundOutToldAboutTakenBackAndForgotten() throws Exception {
    Path maker = folder.resolve("maker");
    try (KeylimeServers servers = new KeylimeServers(folder.resolve("servers")).start();
        OurMachine victim = new OurMachine("victim", folder, maker, servers.places());
        OurMachine witness = new OurMachine("witness", folder, maker, servers.places());
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
