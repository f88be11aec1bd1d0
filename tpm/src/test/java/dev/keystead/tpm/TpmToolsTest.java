package dev.keystead.tpm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.tpm.command.Attestation;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.command.ProtectedCredential;
import dev.keystead.tpm.command.Quote;
import dev.keystead.tpm.credential.SoftwareCredential;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmSignature;
import dev.keystead.tpm.structure.TpmWriter;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.template.KeyTemplate;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tpm2-tools say about our quotes and credentials, and we about theirs. */
class TpmToolsTest {
  private static final Authorized OWNER = Handle.OWNER.withEmptyAuth();
  private static final byte[] NONCE = HexFormat.of().parseHex("00112233445566778899aabb");

  @TempDir Path directory;

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(directory.resolve(name), bytes);
  }

  private void run(String... command) throws Exception {
    Path log = directory.resolve("tools.log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor()).as(() -> text(log)).isZero();
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  static Stream<TpmPublic> attestationKeys() {
    return TpmFixture.attestationKeys().filter(template -> !isPss(template));
  }

  private static boolean isPss(TpmPublic template) {
    return template.key() instanceof TpmPublic.Rsa rsa && rsa.scheme() == TpmSignature.RSAPSS;
  }

  private HashAlg quote(Tpm tpm, TpmPublic template) throws Exception {
    try (TpmObject key = tpm.open(new CreatePrimary(OWNER, template))) {
      Attestation quote =
          tpm.execute(
              new Quote(
                  key.handle().withEmptyAuth(), NONCE, PcrSelection.of(HashAlg.SHA256, 0, 10)));
      write("ak.pub", key.area().toSizedBytes());
      write("message", quote.attest());
      write("signature", quote.signatureBytes());
      return quote.signature().hash();
    }
  }

  @ParameterizedTest
  @MethodSource("attestationKeys")
  void checkquoteAcceptsOurQuotes(TpmPublic template) throws Exception {
    HashAlg hash;
    try (Tpm tpm = new TpmAddress.Embedded(directory.resolve("state")).open()) {
      hash = quote(tpm, template);
    }
    run(
        "tpm2_checkquote",
        "-u",
        "ak.pub",
        "-m",
        "message",
        "-s",
        "signature",
        "-g",
        hash.label(),
        "-q",
        HexFormat.of().formatHex(NONCE));
  }

  /** By tpm2_verifysignature, as tpm2_checkquote 5.4 knows no other RSA padding than PKCS #1. */
  @Test
  void verifysignatureAcceptsOurPssQuotes() throws Exception {
    int port = Swtpm.freePorts();
    String tcti = "swtpm:host=127.0.0.1,port=" + port;
    TpmPublic template = TpmFixture.attestationKeys().filter(t -> isPss(t)).findAny().orElseThrow();
    try (Swtpm swtpm = Swtpm.forTools(directory, port)) {
      try (Tpm tpm = swtpm.connect(new TpmAddress.SwtpmTcp("127.0.0.1", port))) {
        quote(tpm, template);
      }
      run("tpm2_loadexternal", "-T", tcti, "-C", "n", "-u", "ak.pub", "-c", "ak.ctx");
      run("tpm2_flushcontext", "-T", tcti, "-t");
      run(
          "tpm2_verifysignature",
          "-T",
          tcti,
          "-c",
          "ak.ctx",
          "-g",
          "sha256",
          "-m",
          "message",
          "-s",
          "signature");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa", "ecc"})
  void activatecredentialOpensOurCredentials(String algorithm) throws Exception {
    int port = Swtpm.freePorts();
    String tcti = "swtpm:host=127.0.0.1,port=" + port;
    try (Swtpm swtpm = Swtpm.forTools(directory, port)) {
      swtpm.connect(new TpmAddress.SwtpmTcp("127.0.0.1", port)).close();
      run("tpm2_createek", "-T", tcti, "-G", algorithm, "-c", "ek.ctx", "-u", "ek.pub");
      run("tpm2_flushcontext", "-T", tcti, "-t");
      run(
          "tpm2_createak",
          "-T",
          tcti,
          "-C",
          "ek.ctx",
          "-G",
          "ecc",
          "-g",
          "sha256",
          "-s",
          "ecdsa",
          "-c",
          "ak.ctx",
          "-u",
          "ak.pub",
          "-n",
          "ak.name");
      run("tpm2_flushcontext", "-T", tcti, "-t");
      TpmPublic ek = TpmPublic.parseSized(Files.readAllBytes(directory.resolve("ek.pub")));
      TpmName name = TpmName.of(Files.readAllBytes(directory.resolve("ak.name")));
      assertThat(TpmPublic.parseSized(Files.readAllBytes(directory.resolve("ak.pub"))).name())
          .isEqualTo(name);
      ProtectedCredential made =
          SoftwareCredential.make(ek, Secret.of(NONCE), name, new SecureRandom());
      write("credential", new TpmWriter().u32(0xbadcc0deL).u32(1).bytes(made.toBytes()).toBytes());
      run("tpm2_startauthsession", "-T", tcti, "--policy-session", "-S", "session");
      run("tpm2_policysecret", "-T", tcti, "-S", "session", "-c", "e");
      run("tpm2_flushcontext", "-T", tcti, "-t");
      run(
          "tpm2_activatecredential",
          "-T",
          tcti,
          "-c",
          "ak.ctx",
          "-C",
          "ek.ctx",
          "-i",
          "credential",
          "-o",
          "opened",
          "-P",
          "session:session");
      assertThat(directory.resolve("opened")).hasBinaryContent(NONCE);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = EkTemplate.class,
      names = {"L1_RSA_2048", "L2_ECC_P256"})
  void weOpenTheCredentialsOfMakecredential(EkTemplate template) throws Exception {
    int port = Swtpm.freePorts();
    TpmAddress address = new TpmAddress.SwtpmTcp("127.0.0.1", port);
    TpmPublic attestation = KeyTemplate.attestationEcc(EccCurve.P256, HashAlg.SHA256);
    write("secret", NONCE);
    try (Swtpm swtpm = Swtpm.forTools(directory, port)) {
      TpmName name;
      try (Tpm tpm = swtpm.connect(address);
          EndorsementKey ek = EndorsementKey.create(tpm, template);
          TpmObject ak = tpm.open(new CreatePrimary(OWNER, attestation))) {
        write("ek.pub", ek.area().toSizedBytes());
        name = ak.name();
      }
      run(
          "tpm2_makecredential",
          "-T",
          "swtpm:host=127.0.0.1,port=" + port,
          "-u",
          "ek.pub",
          "-s",
          "secret",
          "-n",
          name.hex(),
          "-o",
          "credential");
      byte[] file = Files.readAllBytes(directory.resolve("credential"));
      assertThat(HexFormat.of().formatHex(file, 0, 8)).isEqualTo("badcc0de00000001");
      try (Tpm tpm = swtpm.connect(address);
          EndorsementKey ek = EndorsementKey.create(tpm, template);
          TpmObject ak = tpm.open(new CreatePrimary(OWNER, attestation));
          Secret opened =
              ek.activate(
                  ak.handle(),
                  ProtectedCredential.parse(Arrays.copyOfRange(file, 8, file.length)))) {
        assertThat(opened.bytes()).isEqualTo(NONCE);
      }
    }
  }
}
