package dev.keystead.tpm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.tpm.command.Capability;
import dev.keystead.tpm.command.ContextLoad;
import dev.keystead.tpm.command.ContextSave;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.command.EvictControl;
import dev.keystead.tpm.command.GetRandom;
import dev.keystead.tpm.command.Lifecycle;
import dev.keystead.tpm.command.Nv;
import dev.keystead.tpm.command.Pcr;
import dev.keystead.tpm.command.Policy;
import dev.keystead.tpm.command.ReadClock;
import dev.keystead.tpm.command.ReadPublic;
import dev.keystead.tpm.endorsement.EkCertificates;
import dev.keystead.tpm.property.PcrValues;
import dev.keystead.tpm.property.TpmProperties;
import dev.keystead.tpm.session.SessionSpec;
import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.NvPublic;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.template.KeyTemplate;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** PCRs, NV, persistent keys and the rest of what a TPM keeps. */
abstract class TpmStorageContract extends TpmFixture {
  @Test
  void pcrsExtendResetAndTakeEventsInEveryBank() throws Exception {
    Authorized pcr = Handle.pcr(16).withEmptyAuth();
    PcrSelection banks = tpm.execute(new Capability.Pcrs());
    assertThat(banks.banks()).extracting(PcrSelection.Bank::alg).contains(HashAlg.SHA256);
    for (PcrSelection.Bank bank : banks.banks()) {
      if (bank.mask() == 0) {
        continue;
      }
      HashAlg alg = bank.alg();
      Digest event = Digest.hash(alg, NONCE);
      tpm.execute(new Pcr.Reset(pcr));
      tpm.execute(new Pcr.Extend(pcr, List.of(event)));
      assertThat(read(alg, 16)).isEqualTo(Digest.zero(alg).extend(event.bytes()));
      assertThat(tpm.execute(new Pcr.Event(pcr, NONCE))).contains(event);
      assertThat(read(alg, 16))
          .isEqualTo(Digest.zero(alg).extend(event.bytes()).extend(event.bytes()));
      int[] all = IntStream.range(0, 24).toArray();
      assertThat(PcrValues.read(tpm, PcrSelection.of(alg, all)).bank(alg)).hasSize(24);
    }
    tpm.execute(new Pcr.Reset(pcr));
  }

  private Digest read(HashAlg alg, int pcr) throws TpmException {
    return PcrValues.read(tpm, PcrSelection.of(alg, pcr)).bank(alg).firstEntry().getValue();
  }

  @Test
  void nvKeepsWritesCountsExtendsAndCertifies() throws Exception {
    int first = 0x01800100;
    try (TpmObject key = tpm.open(new CreatePrimary(OWNER, ecc()))) {
      Handle index = define(first, NvPublic.ORDINARY, 40);
      tpm.execute(new Nv.Write(OWNER, index, NONCE, 5));
      index = named(first);
      assertThat(tpm.execute(new Nv.Read(index.withEmptyAuth(), index, NONCE.length, 5)))
          .isEqualTo(NONCE);
      var certified =
          tpm.execute(
              new Nv.Certify(
                  key.handle().withEmptyAuth(),
                  OWNER,
                  index,
                  new byte[0],
                  SignatureScheme.OF_KEY,
                  NONCE.length,
                  5));
      Attest.NvCertified contents = (Attest.NvCertified) certified.parsed().attested();
      assertThat(contents.contents()).isEqualTo(NONCE);
      assertThat(contents.index()).isEqualTo(index.name());
      try (Session session = SessionSpec.policy().open(tpm)) {
        Handle written = index;
        tpm.execute(new Policy.Nv(OWNER, index, session, NONCE, 5, Policy.Comparison.EQUAL));
        tpm.execute(new Policy.Nv(OWNER, index, session, NONCE, 5, Policy.Comparison.AT_MOST));
        assertRefused(
            ResponseCode.POLICY,
            () ->
                tpm.execute(
                    new Policy.Nv(OWNER, written, session, NONCE, 5, Policy.Comparison.GREATER)));
      }
      tpm.execute(new Nv.Undefine(OWNER, index));
    }
    Handle counter = define(first + 1, NvPublic.ORDINARY | NvPublic.COUNTER, 8);
    tpm.execute(new Nv.Increment(OWNER, counter));
    counter = named(first + 1);
    byte[] before = tpm.execute(new Nv.Read(OWNER, counter, 8, 0));
    tpm.execute(new Nv.Increment(OWNER, counter));
    byte[] after = tpm.execute(new Nv.Read(OWNER, counter, 8, 0));
    assertThat(new BigInteger(after)).isEqualTo(new BigInteger(before).add(BigInteger.ONE));
    tpm.execute(new Nv.Undefine(OWNER, counter));
    Handle extended = define(first + 2, NvPublic.ORDINARY | NvPublic.EXTEND, 32);
    tpm.execute(new Nv.Extend(OWNER, extended, NONCE));
    extended = named(first + 2);
    assertThat(tpm.execute(new Nv.Read(OWNER, extended, 32, 0)))
        .isEqualTo(HashAlg.SHA256.hash(new byte[32], NONCE));
    tpm.execute(new Nv.Undefine(OWNER, extended));
    assertRefused(ResponseCode.HANDLE, () -> named(first));
  }

  private Handle define(int index, int attributes, int size) throws TpmException {
    NvPublic area = new NvPublic(index, HashAlg.SHA256, attributes, new byte[0], size);
    tpm.execute(new Nv.Define(OWNER, Secret.empty(), area));
    return named(index);
  }

  private Handle named(int index) throws TpmException {
    return new Handle(index, tpm.execute(new Nv.ReadPublic(index)).name());
  }

  @Test
  void certificatesComeOutOfNvWholeWhateverTheirIndicesAreLike() throws Exception {
    byte[] certificate = der(1300);
    byte[] issuer = der(700);
    byte[] root = der(90);
    byte[] chain = ByteBuffer.allocate(790).put(issuer).put(root).array();
    assertThat(EkCertificates.read(tpm).chain()).isEmpty();
    provision(0x01c0000a, Arrays.copyOf(certificate, 1400));
    provision(0x01c00100, Arrays.copyOf(chain, 500));
    byte[] rest = Arrays.copyOfRange(chain, 500, 800);
    provision(0x01c00101, rest);
    EkCertificates read = EkCertificates.read(tpm);
    assertThat(read.certificates()).containsOnlyKeys(EkTemplate.L2_ECC_P256);
    assertThat(read.certificates().get(EkTemplate.L2_ECC_P256)).isEqualTo(certificate);
    assertThat(read.chain()).hasSize(2);
    assertThat(read.chain().get(0)).isEqualTo(issuer);
    assertThat(read.chain().get(1)).isEqualTo(root);
    for (int index : new int[] {0x01c0000a, 0x01c00100, 0x01c00101}) {
      tpm.execute(new Nv.Undefine(OWNER, named(index)));
    }
  }

  private static byte[] der(int size) {
    byte[] der = new byte[size];
    Arrays.fill(der, (byte) 0x5a);
    der[0] = 0x30;
    int header = size > 127 + 2 ? 4 : 2;
    if (header == 4) {
      der[1] = (byte) 0x82;
      der[2] = (byte) ((size - 4) >>> 8);
      der[3] = (byte) (size - 4);
    } else {
      der[1] = (byte) (size - 2);
    }
    return der;
  }

  private void provision(int index, byte[] content) throws TpmException {
    Handle handle = define(index, NvPublic.ORDINARY, content.length);
    int piece = 512;
    for (int at = 0; at < content.length; at += piece) {
      int end = Math.min(at + piece, content.length);
      byte[] part = Arrays.copyOfRange(content, at, end);
      tpm.execute(new Nv.Write(OWNER, handle, part, at));
      handle = named(index);
    }
  }

  @Test
  void aKeyStaysWhenItIsMadePersistentAndContextsComeBack() throws Exception {
    int persistent = 0x81000101;
    try (TpmObject key = tpm.open(new CreatePrimary(OWNER, ecc()))) {
      tpm.execute(new EvictControl(OWNER, key.handle(), persistent));
      Loaded kept = tpm.execute(new ReadPublic(persistent));
      assertThat(kept.handle().name()).isEqualTo(key.name());
      assertThat(tpm.execute(new Capability.Handles(0x81000000, 10)).values()).contains(persistent);
      tpm.execute(new EvictControl(OWNER, kept.handle(), persistent));
      var context = tpm.execute(new ContextSave(key.handle()));
      int again = tpm.execute(new ContextLoad(context));
      assertThat(tpm.execute(new ReadPublic(again)).handle().name()).isEqualTo(key.name());
      tpm.flush(Handle.unnamed(again));
    }
    assertRefused(ResponseCode.HANDLE, () -> tpm.execute(new ReadPublic(persistent)));
  }

  @Test
  void clearingMakesAnotherStorageKeyAndKeepsTheEndorsementKey() throws Exception {
    var storage = nameOf(Handle.OWNER, KeyTemplate.storageEcc());
    var endorsement = nameOf(Handle.ENDORSEMENT, EkTemplate.L2_ECC_P256.area());
    try (Session session = SessionSpec.hmac().open(tpm)) {
      tpm.execute(new Lifecycle.Clear(Handle.LOCKOUT.with(session)));
    }
    assertThat(nameOf(Handle.OWNER, KeyTemplate.storageEcc())).isNotEqualTo(storage);
    assertThat(nameOf(Handle.ENDORSEMENT, EkTemplate.L2_ECC_P256.area())).isEqualTo(endorsement);
  }

  private TpmName nameOf(Handle hierarchy, TpmPublic template) throws TpmException {
    try (TpmObject key = tpm.open(new CreatePrimary(hierarchy.withEmptyAuth(), template))) {
      return key.name();
    }
  }

  @Test
  void aSoftwareTpmSaysThatItIsOne() throws Exception {
    TpmProperties properties = TpmProperties.read(tpm);
    assertThat(properties.isSoftware()).isTrue();
    assertThat(properties.manufacturer()).isEqualTo("IBM");
    assertThat(properties.family()).isEqualTo("2.0");
    assertThat(properties.nvBufferMax()).isBetween(512, 2048);
    assertThat(properties.firmwareVersion()).isNotZero();
  }

  @Test
  void itTestsItselfTellsTheTimeAndGivesRandomBytes() throws Exception {
    tpm.execute(new Lifecycle.SelfTest(true));
    assertThat(tpm.execute(new Lifecycle.GetTestResult()).value()).isZero();
    assertThat(tpm.execute(new ReadClock()).clock().resetCount()).isNotNegative();
    try (TpmObject parent = tpm.open(new CreatePrimary(OWNER, KeyTemplate.storageEcc()));
        Session session = SessionSpec.hmac().salted(parent.loaded()).encrypting().open(tpm)) {
      byte[] random = tpm.execute(new GetRandom(32), session);
      assertThat(random).hasSize(32).isNotEqualTo(tpm.execute(new GetRandom(32), session));
    }
  }
}
