package dev.keystead.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.command.GetRandom;
import dev.keystead.tpm.command.Nv;
import dev.keystead.tpm.command.Pcr;
import dev.keystead.tpm.command.Quote;
import dev.keystead.tpm.credential.SoftwareCredential;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.property.PcrValues;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.NvPublic;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.template.KeyTemplate;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.BufferedReader;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several embedded TPMs in one process, and what survives. */
class EmbeddedTpmsTest {
  private static final int COUNTER = 0x01800200;

  @TempDir Path directory;

  private Tpm open(String name) throws TpmException {
    return new TpmAddress.Embedded(directory.resolve(name)).open();
  }

  private static TpmName endorsementKey(Tpm tpm) throws TpmException {
    try (EndorsementKey key = EndorsementKey.create(tpm, EkTemplate.L2_ECC_P256)) {
      return key.name();
    }
  }

  @Test
  void manyTpmsInOneProcessAreIndependent() throws Exception {
    List<Tpm> tpms = new ArrayList<>();
    try {
      Set<TpmName> names = new HashSet<>();
      for (int i = 0; i < 8; i++) {
        Tpm tpm = open("tpm" + i);
        tpms.add(tpm);
        names.add(endorsementKey(tpm));
      }
      assertThat(names).hasSize(8);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Digest>> values = new ArrayList<>();
        for (int i = 0; i < tpms.size(); i++) {
          int times = i;
          values.add(threads.submit(() -> extended(tpms.get(times), times)));
        }
        Digest expected = Digest.zero(HashAlg.SHA256);
        for (Future<Digest> value : values) {
          assertThat(value.get()).isEqualTo(expected);
          expected = expected.extend(new byte[32]);
        }
      }
    } finally {
      for (Tpm tpm : tpms) {
        tpm.close();
      }
    }
  }

  private static Digest extended(Tpm tpm, int times) throws TpmException {
    for (int i = 0; i < times; i++) {
      tpm.execute(
          new Pcr.Extend(Handle.pcr(10).withEmptyAuth(), List.of(Digest.zero(HashAlg.SHA256))));
    }
    return PcrValues.read(tpm, PcrSelection.of(HashAlg.SHA256, 10))
        .bank(HashAlg.SHA256)
        .firstEntry()
        .getValue();
  }

  @Test
  void aTpmThatIsOpenedAgainHasTheSameEndorsementKeyAndFreshPcrs() throws Exception {
    TpmName before;
    try (Tpm tpm = open("tpm")) {
      before = endorsementKey(tpm);
      extended(tpm, 1);
    }
    try (Tpm tpm = open("tpm")) {
      assertThat(endorsementKey(tpm)).isEqualTo(before);
      assertThat(extended(tpm, 0)).isEqualTo(Digest.zero(HashAlg.SHA256));
    }
  }

  @Test
  void whatIsOnDiskAtAnyMomentIsAWholeTpm() throws Exception {
    try (Tpm tpm = open("tpm")) {
      TpmName name = endorsementKey(tpm);
      Authorized owner = Handle.OWNER.withEmptyAuth();
      NvPublic area =
          new NvPublic(
              COUNTER, HashAlg.SHA256, NvPublic.ORDINARY | NvPublic.COUNTER, new byte[0], 8);
      tpm.execute(new Nv.Define(owner, Secret.empty(), area));
      tpm.execute(new Nv.Increment(owner, index(tpm)));
      byte[] counted = tpm.execute(new Nv.Read(owner, index(tpm), 8, 0));
      Path copy = Files.createDirectory(directory.resolve("killed"));
      try (Stream<Path> files = Files.list(directory.resolve("tpm"))) {
        for (Path file : files.toList()) {
          Files.copy(file, copy.resolve(file.getFileName()));
        }
      }
      try (Tpm killed = open("killed")) {
        assertThat(endorsementKey(killed)).isEqualTo(name);
        byte[] after = killed.execute(new Nv.Read(owner, index(killed), 8, 0));
        assertThat(new BigInteger(after)).isGreaterThanOrEqualTo(new BigInteger(counted));
      }
    }
  }

  private static Handle index(Tpm tpm) throws TpmException {
    return new Handle(COUNTER, tpm.execute(new Nv.ReadPublic(COUNTER)).name());
  }

  @Test
  void oneDirectoryHoldsOneTpmAtATimeAndOnlyItsOwnerReadsIt() throws Exception {
    try (Tpm tpm = open("tpm")) {
      assertThat(tpm.execute(new GetRandom(1))).hasSize(1);
      assertThatThrownBy(() -> open("tpm"))
          .isInstanceOf(TpmException.class)
          .hasMessageContaining("in use");
      Path state = directory.resolve("tpm");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
          .isEqualTo("rwx------");
      try (Stream<Path> files = Files.list(state)) {
        assertThat(files.toList())
            .isNotEmpty()
            .allSatisfy(file ->
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------"));
      }
    }
  }

  @Test
  void stateThatCannotBeKeptIsAnErrorAndNotSilence() throws Exception {
    Path state = directory.resolve("tpm");
    try (Tpm tpm = open("tpm")) {
      Files.createDirectories(state.resolve("permall.new").resolve("in the way"));
      Authorized owner = Handle.OWNER.withEmptyAuth();
      NvPublic area = new NvPublic(COUNTER, HashAlg.SHA256, NvPublic.ORDINARY, new byte[0], 8);
      assertThatThrownBy(() -> tpm.execute(new Nv.Define(owner, Secret.empty(), area)))
          .isInstanceOf(TpmException.class)
          .hasMessageContaining("state cannot be kept");
      Files.delete(state.resolve("permall.new").resolve("in the way"));
      Files.delete(state.resolve("permall.new"));
    }
  }

  @Test
  void keysOfThreeThousandBitsActivateAndQuote() throws Exception {
    TpmPublic template = KeyTemplate.attestationRsa(3072, SignatureScheme.rsassa(HashAlg.SHA384));
    try (Tpm tpm = open("tpm");
        EndorsementKey ek = EndorsementKey.create(tpm, EkTemplate.H6_RSA_3072);
        TpmObject ak = tpm.open(new CreatePrimary(Handle.OWNER.withEmptyAuth(), template));
        Secret credential = Secret.of(new byte[48])) {
      var made = SoftwareCredential.make(ek.area(), credential, ak.name(), new SecureRandom());
      assertThat(ek.activate(ak.handle(), made)).isEqualTo(credential);
      var quote =
          tpm.execute(
              new Quote(
                  ak.handle().withEmptyAuth(),
                  new byte[20],
                  PcrSelection.of(HashAlg.SHA384, 0, 1)));
      Signatures.verify(ak.area(), quote.attest(), quote.signature());
    }
  }

  @Test
  void aCounterThatWasConfirmedDoesNotGoBackWhenTheProcessIsKilled() throws Exception {
    Path state = directory.resolve("tpm");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CountingProcess.class.getName(),
                state.toString())
            .redirectError(directory.resolve("errors").toFile())
            .start();
    long confirmed = 0;
    try (BufferedReader out = process.inputReader()) {
      for (int i = 0; i < 20; i++) {
        String line = out.readLine();
        assertThat(line).as(Files.readString(directory.resolve("errors"))).isNotNull();
        confirmed = Long.parseLong(line);
      }
      process.toHandle().destroyForcibly();
      process.waitFor();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        confirmed = Long.parseLong(line);
      }
    }
    try (Tpm tpm = open("tpm")) {
      assertThat(CountingProcess.value(tpm)).isGreaterThanOrEqualTo(confirmed);
    }
  }
}
