package dev.keystead.cli.keylime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeylimeFrontsTest {
  private static final TenantConf CONF =
      TenantConf.parse(
          """
          [tenant]
          verifier_ip = 10.0.0.1
          verifier_port = 8881
          registrar_ip = "::1"
          registrar_port = 8891
          tls_dir = /etc/owner
          require_ek_cert = True
          tpm_cert_store = /etc/makers
          ek_check_script =
          """);

  private static final List<String> SERVERS =
      List.of(
          "--registrar", "[::1]:8891", "--verifier", "10.0.0.1:8881", "--tls-dir", "/etc/owner");

  @TempDir private Path folder;

  private static List<String> tenant(String args) throws IOException {
    return KeylimeTenantCommand.translate(Arrays.asList(args.split(" ", -1)), CONF);
  }

  private static List<String> policy(String args) {
    return KeylimePolicyCommand.translate(Arrays.asList(args.split(" ", -1)));
  }

  @Test
  void anAddOfTheirsIsAnAddOfOurs() throws IOException {
    assertThat(
            tenant(
                "-v 127.0.0.1 -t 127.0.0.2 -c add -u node-1 -f payload --runtime-policy p.json"
                    + " --verify"))
        .startsWith("node", "add", "--registrar", "[::1]:8891", "--verifier", "127.0.0.1:8881")
        .contains("node-1")
        .containsSequence("--host", "127.0.0.2")
        .containsSequence("--payload", "payload")
        .containsSequence("--policy", "p.json")
        .containsSequence("--ek-roots", "/etc/makers")
        .doesNotContain("--wait", "--unendorsed");
  }

  @Test
  void whoDoesNotAskToVerifyDoesNotWait() throws IOException {
    assertThat(tenant("-c add -u a --push-model"))
        .contains("--push")
        .containsSequence("--wait", "0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-c status -u a|node status SERVERS a",
        "-c cvstatus -u a|node status SERVERS a",
        "-c regstatus -u a|node status SERVERS a",
        "-c delete -u a -nvc|node delete SERVERS a",
        "-c regdelete -u a|node forget SERVERS a",
        "-c reactivate -u a|node reactivate SERVERS a",
        "-c reglist|node list --registered SERVERS",
        "-c cvlist -vi default|node list --watched SERVERS --verifier-id default",
        "-c bulkinfo|node list --watched --output json SERVERS",
        "-c showruntimepolicy --runtime-policy-name n|policy show SERVERS n",
        "-c deleteruntimepolicy --allowlist-name n|policy delete SERVERS n",
        "-c listruntimepolicy|policy list SERVERS",
        "-c addruntimepolicy --runtime-policy-name n --runtime-policy f|policy add SERVERS n"
            + " --policy f",
        "-c updateruntimepolicy --runtime-policy-name n --runtime-policy f|policy update SERVERS n"
            + " --policy f",
        "-c addmbpolicy --mb-policy-name n --mb_refstate f|policy add --boot SERVERS n --mb-policy"
            + " f",
        "-c updatembpolicy --mb-policy-name n --mb-policy f|policy update --boot SERVERS n"
            + " --mb-policy f",
        "-c showmbpolicy --mb-policy-name n|policy show --boot SERVERS n",
        "-c deletembpolicy --mb-policy-name n|policy delete --boot SERVERS n",
        "-c listmbpolicy|policy list --boot SERVERS"
      })
  void eachCommandOfTheTenantHasItsVerb(String row) throws IOException {
    String[] sides = row.split("\\|", -1);

    assertThat(String.join(" ", tenant(sides[0])))
        .isEqualTo(sides[1].replace("SERVERS", String.join(" ", SERVERS)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-c nosuch",
        "-c status -u a --runtime-policy p",
        "-c add --nosuch",
        "-c add -u",
        "-c add --verify=yes",
        "-c addruntimepolicy --runtime-policy f",
        "-c add --signature-verification-key-sig s",
        "-c add --mb-policy default",
        "-c add --exclude e"
      })
  void whatCannotBeMappedIsRefusedInWords(String args) {
    assertThatThrownBy(() -> tenant(args))
        .isInstanceOf(CommandException.class)
        .hasMessageMatching("(?s).{15,}");
  }

  @Test
  void anAllowListAndAnExcludeListBecomeOnePolicy() throws IOException {
    Path allow = Files.writeString(folder.resolve("allow"), "ab".repeat(32) + "  /usr/bin/x\n");
    Path exclude = Files.writeString(folder.resolve("exclude"), "/tmp/.*\n");

    List<String> ours = tenant("-c add -u a --allowlist " + allow + " --exclude " + exclude);

    String made = Files.readString(Path.of(ours.get(ours.indexOf("--policy") + 1)));
    assertThat(made).contains("/usr/bin/x", "/tmp/.*");
  }

  @Test
  void ownersWithoutARequirementOfCertificatesSayItInTheirConfiguration() throws IOException {
    TenantConf lax = TenantConf.parse("[tenant]\nrequire_ek_cert = False\ntls_dir = /x\n");
    assertThat(KeylimeTenantCommand.translate(List.of("-u", "a"), lax)).contains("--unendorsed");
    TenantConf script =
        TenantConf.parse("[tenant]\nrequire_ek_cert = False\nek_check_script = /bin/ok\n");
    assertThat(KeylimeTenantCommand.translate(List.of("-u", "a"), script))
        .containsSequence("--ek-check", "/bin/ok")
        .doesNotContain("--unendorsed");
    assertThat(TenantConf.read(Map.of("KEYLIME_TENANT_CONFIG", conf("[tenant]\n"))).makers())
        .contains("/var/lib/keylime/tpm_cert_store");
  }

  private String conf(String text) throws IOException {
    return Files.writeString(folder.resolve("tenant.conf"), text).toString();
  }

  @Test
  void aPolicyOfTheirsIsAPolicyOfOurs() {
    assertThat(policy("create runtime --rootfs / -s /opt -o p.json --algo sha384"))
        .startsWith("policy", "create")
        .containsSequence("--tree", "/")
        .containsSequence("--skip", "/opt")
        .containsSequence("--to", "p.json")
        .containsSequence("--hash", "sha384");
    assertThat(policy("create runtime -m list -k -o p.json"))
        .containsSequence("--ima-list", "list")
        .contains("--without-ima-buf")
        .doesNotContain("--without-keyrings");
    assertThat(policy("create runtime -m"))
        .containsSequence("--ima-list", "/sys/kernel/security/ima/ascii_runtime_measurements");
    assertThat(policy("create runtime -m /dev/null --ignored-keyrings a --ignored-keyrings b"))
        .doesNotContain("--ima-list")
        .containsSequence("--ignore-keyring", "a", "--ignore-keyring", "b");
    assertThat(policy("create measured-boot -e log -i -o out"))
        .containsExactly(
            "policy", "create", "boot", "--boot-log", "log", "--without-secureboot", "--to", "out");
    assertThat(policy("sign runtime -r p.json -k key -b x509 -c cert -o out"))
        .containsExactly(
            "policy",
            "sign",
            "p.json",
            "--key",
            "key",
            "--key-form",
            "x509",
            "--verifier",
            "cert",
            "--to",
            "out");
    assertThat(policy("sign runtime -r p.json"))
        .containsSequence("--new-key", "keylime-ecdsa-key.pem");
  }

  @Test
  void aFrontRunsFromEndToEnd() throws IOException {
    Files.writeString(folder.resolve("allow"), "ab".repeat(32) + "  /usr/bin/x\n");
    Path made = folder.resolve("made.json");

    Ran ran =
        Ran.keystead(
            "keylime-policy", "create", "runtime", "-a", folder.resolve("allow"), "-o", made);

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(Files.readString(made)).contains("/usr/bin/x");
    assertThat(Ran.keystead("keylime-policy", "frobnicate").code()).isEqualTo(2);
    assertThat(Ran.keystead("keylime-tenant", "-c", "frobnicate").code()).isEqualTo(2);
  }
}
