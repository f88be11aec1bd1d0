package dev.keystead.lab.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.keylime.verifier.AttestationStatus;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our agent that brings its evidence, enrolled by Keylime's tenant. */
@Tag("slow")
@Tag("peers")
class PushTest {
  @TempDir private Path folder;

  @Test
  void atKeylimesVerifierItIsTrustedFollowedAndFoundOut() throws Exception {
    try (KeylimeServers servers = new KeylimeServers(folder.resolve("servers"))) {
      servers.settings().set("verifier", "mode", "push");
      go(servers.start().places());
    }
  }

  @Test
  void atOurVerifierItIsTrustedFollowedAndFoundOut() throws Exception {
    try (OurServers servers = OurServers.start(folder)) {
      go(servers.places());
    }
  }

  private void go(Places places) throws Exception {
    Path maker = folder.resolve("maker");
    try (PushMachine machine = new PushMachine("pushing", folder, maker, places);
        OurTenant watcher = new OurTenant(places)) {
      KeylimeTenant tenant =
          new KeylimeTenant(folder.resolve("tenant"), places, List.of(Chip.issuer(maker)));
      machine.files().run("/usr/bin/later");
      Path policy = machine.files().policy(folder.resolve("policy.json"));
      var _ =
          tenant.order(
              "add", "--push-model", "-u", "pushing", "--runtime-policy", policy.toString());
      long first = await(watcher, machine, AttestationStatus.PASS, 1);
      machine.files().run("/usr/bin/later");
      var _ = await(watcher, machine, AttestationStatus.PASS, first + 2);
      machine.files().run("/tmp/evil");
      var _ = await(watcher, machine, AttestationStatus.FAIL, 1);
      var _ = tenant.order("delete", "-u", "pushing");
      assertThat(watcher.status(machine.id())).isEmpty();
    }
  }

  private static long await(
      OurTenant watcher, PushMachine machine, AttestationStatus status, long attestations)
      throws InterruptedException {
    return watcher
        .await(
            machine.id(),
            status + " after " + attestations,
            s -> s.attestationStatus() == status && s.attestations() >= attestations)
        .attestations();
  }
}
