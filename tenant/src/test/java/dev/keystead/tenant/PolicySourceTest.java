package dev.keystead.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.ima.Keyring;
import dev.keystead.evidence.policy.Dsse;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.keylime.verifier.Policies;
import dev.keystead.tenant.TenantException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies of the owner, usable and not. */
class PolicySourceTest {
  private static final byte[] RUNTIME = Recorded.bytes("runtime-policy.json");
  private static final String REFSTATE =
      """
      {"has_secureboot":true,"scrtm_and_bios":[{"scrtm":{"sha256":"0x%1$s"},
       "platform_firmware":[{"sha256":"0x%1$s"}]}],"pk":[],"kek":[],"db":[],"dbx":[],
       "mokdig":[],"mokxdig":[],"kernels":[{"shim_authcode_sha256":"0x%1$s",
       "grub_authcode_sha256":"0x%1$s","kernel_authcode_sha256":"0x%1$s",
       "initrd_plain_sha256":"0x%1$s","kernel_cmdline":"quiet"}]}
      """
          .formatted("ab".repeat(32));

  @TempDir private Path folder;
  private Path runtime = Path.of("");

  @BeforeEach
  void write() throws IOException {
    runtime = Files.write(folder.resolve("policy.json"), RUNTIME);
  }

  private PolicySource signed(byte[] policy, Optional<String> key) throws IOException {
    Path file = Files.write(folder.resolve("signed.json"), policy);
    Optional<Path> keyFile = Optional.empty();
    if (key.isPresent()) {
      keyFile = Optional.of(Files.writeString(folder.resolve("key.pem"), key.get()));
    }
    return new PolicySource(
        Optional.of(file),
        keyFile,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private PolicySource boot(String text) throws IOException {
    return new PolicySource(
        Optional.empty(),
        Optional.empty(),
        Optional.of(Files.writeString(folder.resolve("boot.json"), text)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private PolicySource launch(String text) throws IOException {
    return new PolicySource(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Keyring.EMPTY,
        Optional.of(Files.writeString(folder.resolve("launch.json"), text)));
  }

  @Test
  void aLaunchPolicyIsSentAsItIs() throws IOException {
    String policy =
        "{\"version\": 1, \"programs\": [{\"measurement\": \"%s\", \"name\": \"keeper\"}]}"
            .formatted("ab".repeat(32));
    assertThat(launch(policy).read().launch()).contains(policy);
  }

  @Test
  void aLaunchPolicyThatCannotBeUsedIsRefusedBeforeAnyoneIsAsked() {
    assertThatThrownBy(() -> launch("{\"version\": 1, \"programs\": [{\"name\": \"x\"}]}").read())
        .isInstanceOf(TenantException.class)
        .hasMessageContaining("launch.json cannot be used");
  }

  @Test
  void nothingAsksForNoPcr() {
    assertThat(PolicySource.NONE.read().tpm().mask()).hasToString("0x0");
  }

  @Test
  void aRuntimePolicyIsSentAsItIsAndAsksForPcrTen() {
    Policies policies = PolicySource.ofRuntime(runtime).read();
    assertThat(policies.runtime().orElseThrow()).isEqualTo(RUNTIME);
    assertThat(policies.tpm().mask()).hasToString("0x400");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{}", "{\"meta\":{\"version\":2}}", "not json"})
  void anUnusableRuntimePolicyIsRefusedBeforeItIsSent(String text) throws IOException {
    assertBadInput(
        "signed.json",
        signed(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), Optional.empty()));
  }

  @Test
  void aSignedPolicyIsSentInItsEnvelope() throws IOException {
    KeyPair pair = PrivateKeys.generate(KeyType.EC_P256);
    String pem = PrivateKeys.toPem(pair.getPublic());
    byte[] envelope = Dsse.sign(RUNTIME, pair.getPrivate(), Dsse.keyId(pem)).toJson().toBytes();
    Policies policies = signed(envelope, Optional.of(pem)).read();
    assertThat(policies.runtime().orElseThrow()).isEqualTo(envelope);
    assertThat(policies.runtimeKey()).contains(pem);
  }

  @Test
  void aPolicySignedByAnotherKeyIsRefused() throws IOException {
    KeyPair pair = PrivateKeys.generate(KeyType.EC_P256);
    byte[] envelope = Dsse.sign(RUNTIME, pair.getPrivate(), "x").toJson().toBytes();
    String other = PrivateKeys.toPem(PrivateKeys.generate(KeyType.EC_P256).getPublic());
    assertBadInput("trusted keys", signed(envelope, Optional.of(other)));
  }

  @Test
  void aBarePolicyIsRefusedWhenAKeyIsGiven() throws IOException {
    String pem = PrivateKeys.toPem(PrivateKeys.generate(KeyType.EC_P256).getPublic());
    assertBadInput("is not signed", signed(RUNTIME, Optional.of(pem)));
  }

  @Test
  void aKeyWithoutAPolicyIsRefused() throws IOException {
    String pem = PrivateKeys.toPem(PrivateKeys.generate(KeyType.EC_P256).getPublic());
    PolicySource source = signed(RUNTIME, Optional.of(pem));
    assertBadInput(
        "no policy",
        new PolicySource(
            Optional.empty(),
            source.runtimeKey(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  @Test
  void aReferenceStateOfKeylimeAsksForTheBootPcrs() throws IOException {
    Policies policies = boot(REFSTATE).read();
    assertThat(policies.boot()).contains(REFSTATE);
    assertThat(policies.tpm().mask()).hasToString("0xfbff");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"type\":\"x\"}", "{\"type\":\"keystead-boot-reference\"}", "[]"})
  void anUnusableBootPolicyIsRefusedBeforeItIsSent(String text) throws IOException {
    assertBadInput("boot.json", boot(text));
  }

  @Test
  void pcrsThatTheBootPolicyJudgesMayNotBeFixedToo() throws IOException {
    PolicySource source = boot(REFSTATE);
    assertBadInput(
        "PCR 0",
        new PolicySource(
            Optional.empty(),
            Optional.empty(),
            source.boot(),
            Optional.of("{\"0\":\"%s\"}".formatted("ab".repeat(32))),
            Optional.empty(),
            Optional.empty()));
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertBadInput("nowhere", PolicySource.ofRuntime(folder.resolve("nowhere")));
  }

  private static void assertBadInput(String words, PolicySource source) {
    assertThatThrownBy(source::read)
        .isInstanceOfSatisfying(
            TenantException.class, e -> assertThat(e.problem()).isEqualTo(Problem.BAD_INPUT))
        .hasMessageContaining(words);
  }
}
