package dev.keystead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.SignedJWT;
import dev.keystead.evidence.ima.ImaEntry;
import dev.keystead.evidence.ima.ImaReader;
import dev.keystead.tpm.structure.HashAlg;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class AppraiseCommandTest {
  static final List<String> BOOTS = Boots.CLEAN;

  private static final String BOOT = "01-direct-clean";
  private static final String BINARY = "binary_runtime_measurements";
  private static final String ASCII = "ascii_runtime_measurements";
  private static final String BOOT_LOG = "binary_bios_measurements";

  @TempDir private Path folder;

  private static Ran appraise(Path boot, Object... more) {
    List<Object> args = new ArrayList<>(List.of("appraise", boot, "--output", "json"));
    args.addAll(List.of(more));
    return Ran.keystead(args.toArray());
  }

  private Path policyOf(String boot) {
    Path file = folder.resolve("policy.json");
    Ran ran =
        Ran.keystead(
            "policy", "create", "--ima-list", Boots.of(boot).resolve(BINARY), "--output", file);
    assertThat(ran.code()).isEqualTo(ExitCode.TRUSTED);
    return file;
  }

  private Path referenceOf(String boot) {
    Path file = folder.resolve("reference.json");
    Ran ran = Ran.keystead("evidence", "reference", Boots.of(boot), "--output", file);
    assertThat(ran.code()).isEqualTo(ExitCode.TRUSTED);
    return file;
  }

  private Path copy(String boot) {
    return Boots.copy(boot, folder.resolve("boot"));
  }

  @ParameterizedTest
  @FieldSource("BOOTS")
  void aCleanBootIsTrustedByItsOwnPolicyReferenceAndRoots(String boot) {
    Ran ran =
        appraise(
            Boots.of(boot),
            "--policy",
            policyOf(boot),
            "--reference",
            referenceOf(boot),
            "--ek-roots",
            Boots.ROOTS);
    assertThat(ran.code()).as(ran.toString()).isEqualTo(ExitCode.TRUSTED);
    assertThat(ran.member("trusted")).isEqualTo("true");
    assertThat(ran.items("notChecked").toString()).doesNotContain("reference", "policy:", "roots");
  }

  @ParameterizedTest
  @FieldSource("BOOTS")
  void whatIsNotGivenIsNotCheckedAndDecidesNothing(String boot) {
    Ran ran = appraise(Boots.of(boot));
    assertThat(ran.code()).as(ran.toString()).isEqualTo(ExitCode.TRUSTED);
    assertThat(ran.items("notChecked").toString())
        .contains("no EK roots", "no reference values", "no runtime policy");
    assertThat(ran.member("covered")).doesNotContain(":0");
  }

  @ParameterizedTest
  @CsvSource({
    "1-unlisted, file-not-in-policy, /opt/evil/backdoor",
    "2-modified, file-digest-refused, /etc/passwd",
    "2-modified, file-not-in-policy, /usr/bin/tool",
    "3a-open-writers, ima-violation, /opt/w",
    "3b-tomtou, ima-violation, /opt/y",
    "4-odd-names, file-not-in-policy, /opt/nl-a",
    "5-pcr10-broken, ima-list-mismatch, PCR 10"
  })
  void anAttackAtRunTimeIsFoundAndNamed(String dump, String code, String named) {
    Path policy = policyOf("06-runtime-attacks/0-before");
    Ran ran = appraise(Boots.of("06-runtime-attacks/" + dump), "--policy", policy);
    assertThat(ran.code()).isEqualTo(ExitCode.NOT_TRUSTED);
    assertThat(ran.findingCodes()).contains(code);
    assertThat(ran.items("findings"))
        .anyMatch(
            finding -> finding.toString().contains(code) && finding.toString().contains(named));
  }

  @Test
  void theProgramsOfAHostAreJudgedByItsLog() throws IOException {
    Path boot = copy(BOOT);
    Path policy = folder.resolve("launches.json");
    Files.writeString(policy, "{\"version\": 1, \"programs\": []}");
    assertThat(appraise(boot, "--launch-policy", policy).findingCodes())
        .containsOnly("launch-log-missing");
    Path log = Files.createFile(boot.resolve("launch_log"));
    assertThat(appraise(boot, "--launch-policy", policy).code()).isEqualTo(ExitCode.TRUSTED);
    Files.writeString(
        log, "launch1 2026-11-22T18:00:00Z %s 1000 base evil%n".formatted("ef".repeat(32)));
    Ran ran = appraise(boot, "--launch-policy", policy);
    assertThat(ran.code()).isEqualTo(ExitCode.NOT_TRUSTED);
    assertThat(ran.findingCodes()).containsOnly("program-not-in-policy");
  }

  @Test
  void aViolationIsAFindingWithoutAnyPolicyToo() {
    Ran ran = appraise(Boots.of("06-runtime-attacks/3a-open-writers"));
    assertThat(ran.code()).isEqualTo(ExitCode.NOT_TRUSTED);
    assertThat(ran.findingCodes()).containsOnly("ima-violation");
  }

  @Test
  void anotherCommandLineIsTheFirstBootEventThatDiffers() {
    Ran ran =
        appraise(Boots.of("04-uki-cmdline-change"), "--reference", referenceOf("02-uki-clean"));
    assertThat(ran.code()).isEqualTo(ExitCode.NOT_TRUSTED);
    assertThat(ran.findingCodes()).first().isEqualTo("boot-differs");
    assertThat(ran.findingCodes()).contains("pcr-refused");
  }

  @Test
  void anotherNonceIsRefused() throws IOException {
    Path boot = copy(BOOT);
    Files.writeString(boot.resolve("nonce.hex"), "ff".repeat(32) + "\n");
    assertRefused(boot, "nonce-mismatch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ak_ecc", "ak_rsa"})
  void theKeyOfAnotherBootIsRefused(String key) throws IOException {
    Path boot = copy(BOOT);
    for (String form : List.of(".pub.pem", ".pub.tpm2b")) {
      Files.copy(
          Boots.of("02-uki-clean").resolve(key + form),
          boot.resolve(key + form),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    assertRefused(boot, "signature-invalid");
  }

  @Test
  void twoFilesOfOneKeyMustBeOfOneKey() throws IOException {
    Path boot = copy(BOOT);
    Files.copy(
        Boots.of("02-uki-clean").resolve("ak_ecc.pub.pem"),
        boot.resolve("ak_ecc.pub.pem"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertRefused(boot, "ak-unfit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"quote_ecc.pcrs", "quote_rsa.pcrs"})
  void aChangedPcrValueIsRefused(String name) throws IOException {
    Path boot = copy(BOOT);
    byte[] pcrs = Files.readAllBytes(boot.resolve(name));
    pcrs[136 + 4 + 66 + 2] ^= 1;
    Files.write(boot.resolve(name), pcrs);
    assertRefused(boot, "pcr-digest-mismatch");
  }

  @Test
  void aBootEventThatWasRemovedIsRefused() throws IOException {
    Path boot = copy(BOOT);
    List<byte[]> events = events(Files.readAllBytes(boot.resolve(BOOT_LOG)));
    events.remove(7);
    Files.write(boot.resolve(BOOT_LOG), join(events));
    assertRefused(boot, "boot-log-mismatch");
  }

  @Test
  void twoBootEventsThatWereSwappedAreRefused() throws IOException {
    Path boot = copy(BOOT);
    List<byte[]> events = events(Files.readAllBytes(boot.resolve(BOOT_LOG)));
    int i = 1;
    while (events.get(i)[0] != events.get(i + 1)[0]
        || Arrays.equals(events.get(i), events.get(i + 1))) {
      i++;
    }
    Collections.swap(events, i, i + 1);
    Files.write(boot.resolve(BOOT_LOG), join(events));
    assertRefused(boot, "boot-log-mismatch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"removed", "added", "reordered"})
  void anImaEntryThatWasMovedIsRefused(String how) throws IOException {
    Path boot = copy(BOOT);
    List<byte[]> entries = entries(Files.readAllBytes(boot.resolve(BINARY)));
    switch (how) {
      case "removed" -> entries.remove(20);
      case "added" -> entries.add(20, entries.get(30));
      default -> Collections.swap(entries, 20, 21);
    }
    Files.write(boot.resolve(BINARY), join(entries));
    Files.delete(boot.resolve(ASCII));
    assertRefused(boot, "ima-list-mismatch");
  }

  @Test
  void aListWhoseTwoFormsDifferIsRefused() throws IOException {
    Path boot = copy(BOOT);
    List<String> lines = new ArrayList<>(Files.readAllLines(boot.resolve(ASCII)));
    lines.removeLast();
    Files.write(boot.resolve(ASCII), lines);
    assertRefused(boot, "ima-list-changed");
  }

  @Test
  void aRootThatDidNotCertifyTheTpmIsNoRoot() throws IOException {
    Path roots = Files.createDirectory(folder.resolve("roots"));
    Path other = folder.resolve("ca");
    dev.keystead.http.tls.CertificateAuthority.create(
            "another maker",
            dev.keystead.http.tls.KeyType.EC_P256,
            java.time.Duration.ofDays(1),
            java.time.InstantSource.system())
        .save(other);
    Files.copy(other.resolve("cacert.crt"), roots.resolve("root.pem"));
    Ran ran = appraise(Boots.of(BOOT), "--ek-roots", roots);
    assertThat(ran.code()).isEqualTo(ExitCode.NOT_TRUSTED);
    assertThat(ran.findingCodes()).containsOnly("ek-untrusted");
  }

  @Test
  void anEarIsSignedByTheKeyThatIsPrinted() throws Exception {
    Ran good =
        Ran.keystead("appraise", Boots.of(BOOT), "--ek-roots", Boots.ROOTS, "--output", "ear");
    assertThat(good.code()).isEqualTo(ExitCode.TRUSTED);
    SignedJWT token = SignedJWT.parse(good.out().strip());
    ECKey key = ECKey.parse(good.err().strip());
    assertThat(token.verify(new ECDSAVerifier(key))).isTrue();
    assertThat(token.getHeader().getKeyID()).isEqualTo(key.computeThumbprint().toString());
    assertThat(token.getJWTClaimsSet().getClaim("submods").toString())
        .contains("ear.status=affirming");

    Ran bad = Ran.keystead("appraise", Boots.of("06-runtime-attacks/3b-tomtou"), "--output", "ear");
    assertThat(bad.code()).isEqualTo(ExitCode.NOT_TRUSTED);
    assertThat(SignedJWT.parse(bad.out().strip()).getJWTClaimsSet().getClaim("submods").toString())
        .contains("ear.status=contraindicated", "ima-violation");
  }

  @Test
  void aFolderWithoutQuoteOrNonceIsUnreadable() throws IOException {
    assertThat(appraise(folder).code()).isEqualTo(ExitCode.UNREADABLE);
    Path boot = copy(BOOT);
    Files.delete(boot.resolve("nonce.hex"));
    assertThat(appraise(boot).code()).isEqualTo(ExitCode.UNREADABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--policy", "--reference", "--mb-refstate"})
  void whatIsNoPolicyIsUnreadable(String option) throws IOException {
    Path file = folder.resolve("file.json");
    Files.writeString(file, "{\"this\": \"is something else\"}");
    assertThat(appraise(Boots.of(BOOT), option, file).code()).isEqualTo(ExitCode.UNREADABLE);
  }

  private static void assertRefused(Path boot, String code) {
    Ran ran = appraise(boot);
    assertThat(ran.code()).as(ran.toString()).isEqualTo(ExitCode.NOT_TRUSTED);
    assertThat(ran.member("trusted")).isEqualTo("false");
    assertThat(ran.findingCodes()).contains(code);
  }

  /** The header and the events of a crypto-agile log with SHA-1 and SHA-256. */
  private static List<byte[]> events(byte[] log) {
    ByteBuffer in = ByteBuffer.wrap(log).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> events = new ArrayList<>();
    int start = 0;
    int end = 32 + in.getInt(28);
    while (end <= log.length) {
      events.add(Arrays.copyOfRange(log, start, end));
      start = end;
      if (start == log.length) {
        break;
      }
      int size = start + 12 + 2 + 20 + 2 + 32;
      end = size + 4 + in.getInt(size);
    }
    return events;
  }

  private static List<byte[]> entries(byte[] list) {
    ImaReader reader = ImaReader.of(list, 0, HashAlg.SHA1);
    List<byte[]> entries = new ArrayList<>();
    int start = 0;
    for (Optional<ImaEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      int length = 4 + 20 + 4 + entry.get().templateName().length() + 4 + entry.get().dataLength();
      entries.add(Arrays.copyOfRange(list, start, start + length));
      start += length;
    }
    assertThat(start).isEqualTo(list.length);
    return entries;
  }

  private static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.forEach(out::writeBytes);
    return out.toByteArray();
  }
}
