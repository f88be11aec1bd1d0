package dev.keystead.lab.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.keylime.verifier.AttestationStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs of Keylime's tenant and policy tool against our servers. */
@Tag("slow")
@Tag("peers")
class KeylimeVerbsAtOursTest {
  private static final String PUBLIC_KEY =
      """
      import sys
      from cryptography.hazmat.primitives import serialization as s
      key = s.load_pem_private_key(open(sys.argv[1], 'rb').read(), None).public_key()
      form = s.PublicFormat.SubjectPublicKeyInfo
      open(sys.argv[2], 'wb').write(key.public_bytes(s.Encoding.PEM, form))
      """;

  @TempDir private Path folder;

  @Test
  void aPolicyThatKeylimesToolMadeAndSignedIsKeptShownUsedAndNotTakenFromItsNode()
      throws Exception {
    Path maker = folder.resolve("maker");
    try (OurServers servers = OurServers.start(folder);
        OurMachine machine = new OurMachine("node", folder, maker, servers.places());
        OurTenant watcher = new OurTenant(servers.places())) {
      KeylimeTenant tenant =
          new KeylimeTenant(
              folder.resolve("tenant"), servers.places(), List.of(Chip.issuer(maker)));
      String signed = signed(tenant, machine);
      String key = folder.resolve("public.pem").toString();
      var _ =
          tenant.order(
              "addruntimepolicy",
              "--runtime-policy-name",
              "signed",
              "--runtime-policy",
              signed,
              "--runtime-policy-sig-key",
              key);
      assertThat(tenant.order("listruntimepolicy")).contains("signed");
      assertThat(tenant.order("showruntimepolicy", "--runtime-policy-name", "signed"))
          .contains("runtime_policy");

      Path payload = Files.writeString(folder.resolve("payload.txt"), "a secret");
      var _ =
          tenant.order(
              "add",
              "-u",
              "node",
              "--runtime-policy-name",
              "signed",
              "-f",
              payload.toString(),
              "--verify");
      var _ =
          watcher.await(
              machine.id(), "trusted", s -> s.attestationStatus() == AttestationStatus.PASS);
      for (String verb : List.of("cvlist", "reglist", "bulkinfo")) {
        assertThat(tenant.order(verb)).contains("node");
      }
      for (String verb : List.of("cvstatus", "regstatus", "status")) {
        assertThat(tenant.order(verb, "-u", "node")).contains("node");
      }

      var _ = tenant.run("deleteruntimepolicy", List.of("--runtime-policy-name", "signed"));
      assertThat(tenant.order("listruntimepolicy")).contains("signed");
      var _ = tenant.order("delete", "-u", "node");
      var _ = tenant.order("deleteruntimepolicy", "--runtime-policy-name", "signed");
      assertThat(tenant.order("listruntimepolicy")).doesNotContain("signed");
    }
  }

  private String signed(KeylimeTenant tenant, Machine machine) throws Exception {
    String plain = folder.resolve("plain.json").toString();
    String signed = folder.resolve("signed.json").toString();
    String key = folder.resolve("private.pem").toString();
    String list = machine.files().list().toString();
    var _ = tenant.policy("create", "runtime", "-m", list, "-o", plain);
    var _ = tenant.policy("sign", "runtime", "-r", plain, "-p", key, "-o", signed);
    var _ =
        Command.environment(Map.of())
            .run(
                List.of(
                    Installed.servers().program("python"),
                    "-c",
                    PUBLIC_KEY,
                    key,
                    folder.resolve("public.pem").toString()))
            .good();
    return signed;
  }
}
