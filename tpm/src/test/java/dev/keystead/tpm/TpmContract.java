package dev.keystead.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.tpm.command.Capability;
import dev.keystead.tpm.command.Certify;
import dev.keystead.tpm.command.ContextLoad;
import dev.keystead.tpm.command.ContextSave;
import dev.keystead.tpm.command.Create;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.command.EvictControl;
import dev.keystead.tpm.command.GetRandom;
import dev.keystead.tpm.command.Lifecycle;
import dev.keystead.tpm.command.Load;
import dev.keystead.tpm.command.LoadExternal;
import dev.keystead.tpm.command.MakeCredential;
import dev.keystead.tpm.command.Nv;
import dev.keystead.tpm.command.Pcr;
import dev.keystead.tpm.command.Policy;
import dev.keystead.tpm.command.Quote;
import dev.keystead.tpm.command.ReadClock;
import dev.keystead.tpm.command.ReadPublic;
import dev.keystead.tpm.command.Sign;
import dev.keystead.tpm.command.Unseal;
import dev.keystead.tpm.command.VerifySignature;
import dev.keystead.tpm.credential.SoftwareCredential;
import dev.keystead.tpm.endorsement.EkCertificates;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.property.PcrValues;
import dev.keystead.tpm.property.TpmProperties;
import dev.keystead.tpm.session.SessionSpec;
import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.NvPublic;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.structure.SymmetricDef;
import dev.keystead.tpm.structure.Ticket;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmSignature;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.template.KeyTemplate;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every TPM, however it is reached. */
abstract class TpmContract {
  static final byte[] NONCE = "a nonce of the verifier".getBytes(StandardCharsets.US_ASCII);
  static final Authorized OWNER = Handle.OWNER.withEmptyAuth();

  Tpm tpm;

  /** A started TPM with nothing in it. */
  abstract Tpm open() throws Exception;

  /** Ends what {@link #open} started besides. */
  void stop() {}

  @BeforeEach
  void openTpm() throws Exception {
    tpm = open();
  }

  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    for (int first : new int[] {0x80000000, 0x02000000, 0x03000000}) {
      assertThat(tpm.execute(new Capability.Handles(first, 64)).values()).isEmpty();
    }
    tpm.close();
    stop();
  }

  static Stream<TpmPublic> attestationKeys() {
    return Stream.of(
        KeyTemplate.attestationRsa(2048, SignatureScheme.rsassa(HashAlg.SHA256)),
        KeyTemplate.attestationRsa(2048, SignatureScheme.rsapss(HashAlg.SHA256)),
        KeyTemplate.attestationEcc(EccCurve.P256, HashAlg.SHA256),
        KeyTemplate.attestationEcc(EccCurve.P384, HashAlg.SHA384));
  }

  @ParameterizedTest
  @MethodSource("attestationKeys")
  void aQuoteCoversThePcrsThatWereAskedForAndVerifies(TpmPublic template) throws Exception {
    PcrSelection selection = PcrSelection.of(HashAlg.SHA256, 0, 10, 16);
    try (TpmObject key = tpm.open(new CreatePrimary(OWNER, template))) {
      var quote = tpm.execute(new Quote(key.handle().withEmptyAuth(), NONCE, selection));
      Attest attest = quote.parsed();
      assertThat(attest.extraData()).isEqualTo(NONCE);
      Attest.Quoted quoted = (Attest.Quoted) attest.attested();
      assertThat(quoted.selection()).isEqualTo(selection);
      Signatures.verify(key.area(), quote.attest(), quote.signature());
      var values = PcrValues.read(tpm, selection).bank(HashAlg.SHA256);
      byte[][] digests = values.values().stream().map(Digest::bytes).toArray(byte[][]::new);
      assertThat(quoted.pcrDigest()).isEqualTo(quote.signature().hash().hash(digests));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = EkTemplate.class,
      names = {"L1_RSA_2048", "L2_ECC_P256", "H1_RSA_2048", "H2_ECC_P256", "H3_ECC_P384"})
  void theTpmOpensACredentialMadeInSoftware(EkTemplate template) throws Exception {
    try (EndorsementKey ek = EndorsementKey.create(tpm, template);
        TpmObject ak = tpm.open(new CreatePrimary(OWNER, ecc()));
        Secret credential = Secret.of(new byte[32])) {
      var made = SoftwareCredential.make(ek.area(), credential, ak.name(), new SecureRandom());
      assertThat(ek.activate(ak.handle(), made)).isEqualTo(credential);
    }
  }

  @Test
  void theTpmsOwnMakeCredentialOpensToo() throws Exception {
    try (EndorsementKey ek = EndorsementKey.create(tpm, EkTemplate.L2_ECC_P256);
        TpmObject ak = tpm.open(new CreatePrimary(OWNER, ecc()));
        Secret credential = Secret.of(NONCE)) {
      var made = tpm.execute(new MakeCredential(ek.loaded().handle(), credential, ak.name()));
      assertThat(ek.activate(ak.handle(), made)).isEqualTo(credential);
    }
  }

  @Test
  void aCredentialForAnotherKeyIsRefused() throws Exception {
    try (EndorsementKey ek = EndorsementKey.create(tpm, EkTemplate.L2_ECC_P256);
        TpmObject ak = tpm.open(new CreatePrimary(OWNER, ecc()));
        Secret credential = Secret.of(NONCE)) {
      var made = SoftwareCredential.make(ek.area(), credential, ek.name(), new SecureRandom());
      assertRefused(ResponseCode.INTEGRITY, () -> ek.activate(ak.handle(), made));
    }
  }

  static Stream<SessionSpec> sessions() {
    return Stream.of(
        SessionSpec.hmac(),
        SessionSpec.hmac().encrypting(),
        SessionSpec.hmac().hash(HashAlg.SHA384).encrypting(SymmetricDef.AES_256));
  }

  @ParameterizedTest
  @MethodSource("sessions")
  void aSessionProvesAnAuthorizationValueUnsaltedSaltedAndBound(SessionSpec spec) throws Exception {
    try (TpmObject ecc = tpm.open(new CreatePrimary(OWNER, KeyTemplate.storageEcc()));
        TpmObject rsa = tpm.open(new CreatePrimary(OWNER, KeyTemplate.storageRsa()));
        Secret auth = Secret.of("auth value".getBytes(StandardCharsets.US_ASCII))) {
      Create.Result made =
          tpm.execute(
              new Create(
                  ecc.handle().withEmptyAuth(),
                  KeyTemplate.sealedByAuth(),
                  auth,
                  Secret.of(NONCE)));
      try (TpmObject item = tpm.open(new Load(ecc.handle().withEmptyAuth(), made))) {
        List<SessionSpec> all =
            List.of(
                spec,
                spec.salted(ecc.loaded()),
                spec.salted(rsa.loaded()),
                spec.bound(item.handle(), auth),
                spec.bound(ecc.handle(), Secret.empty()),
                spec.salted(ecc.loaded()).bound(item.handle(), auth));
        for (SessionSpec each : all) {
          try (Session session = each.open(tpm)) {
            for (int i = 0; i < 2; i++) {
              assertThat(tpm.execute(new Unseal(item.handle().with(session, auth))))
                  .isEqualTo(Secret.of(NONCE));
            }
          }
        }
      }
    }
  }

  @Test
  void aWrongAuthorizationValueIsRefusedByPasswordAndByHmac() throws Exception {
    try (TpmObject parent = tpm.open(new CreatePrimary(OWNER, KeyTemplate.storageEcc()));
        Secret auth = Secret.of(NONCE);
        Secret wrong = Secret.of(new byte[] {1});
        TpmObject item = seal(parent, KeyTemplate.sealedByAuth(), auth);
        Session session = SessionSpec.hmac().salted(parent.loaded()).encrypting().open(tpm)) {
      assertRefused(
          ResponseCode.BAD_AUTH, () -> tpm.execute(new Unseal(item.handle().withPassword(wrong))));
      assertRefused(
          ResponseCode.BAD_AUTH, () -> tpm.execute(new Unseal(item.handle().with(session, wrong))));
      assertThat(tpm.execute(new Unseal(item.handle().with(session, auth)))).isNotNull();
    }
  }

  private TpmObject seal(TpmObject parent, TpmPublic template, Secret auth) throws TpmException {
    Authorized under = parent.handle().withEmptyAuth();
    return tpm.open(
        new Load(under, tpm.execute(new Create(under, template, auth, Secret.of(NONCE)))));
  }

  @Test
  void sealedDataOpensWhileThePcrsAreAsTheyWereAndNotAfterwards() throws Exception {
    PcrSelection selection = PcrSelection.of(HashAlg.SHA256, 16, 23);
    try (TpmObject parent = tpm.open(new CreatePrimary(OWNER, KeyTemplate.storageEcc()))) {
      byte[] digest;
      try (Session trial = SessionSpec.trial().open(tpm)) {
        tpm.execute(new Policy.Pcr(trial, new byte[0], selection));
        tpm.execute(new Policy.ForCommand(trial, CommandCode.UNSEAL));
        digest = tpm.execute(new Policy.GetDigest(trial));
      }
      try (TpmObject item = seal(parent, KeyTemplate.sealedByPolicy(digest), Secret.empty());
          Session encrypted = SessionSpec.hmac().salted(parent.loaded()).encrypting().open(tpm);
          Session policy = SessionSpec.policy().open(tpm)) {
        tpm.execute(new Policy.Pcr(policy, new byte[0], selection));
        tpm.execute(new Policy.ForCommand(policy, CommandCode.UNSEAL));
        assertThat(tpm.execute(new Unseal(item.handle().with(policy)), encrypted))
            .isEqualTo(Secret.of(NONCE));
        tpm.execute(
            new Pcr.Extend(
                Handle.pcr(16).withEmptyAuth(), List.of(Digest.hash(HashAlg.SHA256, NONCE))));
        tpm.execute(new Policy.Pcr(policy, new byte[0], selection));
        tpm.execute(new Policy.ForCommand(policy, CommandCode.UNSEAL));
        assertRefused(
            ResponseCode.POLICY_FAIL,
            () -> tpm.execute(new Unseal(item.handle().with(policy)), encrypted));
      }
    }
  }

  @Test
  void aSaltedPolicySessionEncryptsByItself() throws Exception {
    try (TpmObject parent = tpm.open(new CreatePrimary(OWNER, KeyTemplate.storageEcc()));
        Secret auth = Secret.of(NONCE)) {
      byte[] digest;
      try (Session trial = SessionSpec.trial().open(tpm)) {
        tpm.execute(new Policy.ForCommand(trial, CommandCode.UNSEAL));
        digest = tpm.execute(new Policy.GetDigest(trial));
      }
      try (TpmObject item = seal(parent, KeyTemplate.sealedByPolicy(digest), auth);
          Session policy = SessionSpec.policy().salted(parent.loaded()).encrypting().open(tpm)) {
        tpm.execute(new Policy.ForCommand(policy, CommandCode.UNSEAL));
        assertThat(tpm.execute(new Unseal(item.handle().with(policy, auth))))
            .isEqualTo(Secret.of(NONCE));
      }
    }
  }

  @Test
  void aSignedPolicyReplacesTheOneBeforeIt() throws Exception {
    TpmPublic template = KeyTemplate.signingEccKey(EccCurve.P256, HashAlg.SHA256);
    byte[] policyRef = "ref".getBytes(StandardCharsets.US_ASCII);
    try (TpmObject signer = tpm.open(new CreatePrimary(OWNER, template));
        TpmObject known = tpm.open(new LoadExternal(signer.area(), Handle.OWNER));
        Session session = SessionSpec.trial().open(tpm)) {
      tpm.execute(new Policy.ForCommand(session, CommandCode.UNSEAL));
      byte[] approved = tpm.execute(new Policy.GetDigest(session));
      byte[] signed = HashAlg.SHA256.hash(approved, policyRef);
      TpmSignature signature =
          tpm.execute(
              new Sign(
                  signer.handle().withEmptyAuth(),
                  signed,
                  SignatureScheme.OF_KEY,
                  Ticket.NO_HASHCHECK));
      Ticket ticket = tpm.execute(new VerifySignature(known.handle(), signed, signature));
      tpm.execute(new Policy.Authorize(session, approved, policyRef, known.name(), ticket));
      byte[] authorized =
          HashAlg.SHA256.hash(
              new byte[32], HexFormat.of().parseHex("0000016a"), known.name().bytes());
      assertThat(tpm.execute(new Policy.GetDigest(session)))
          .isEqualTo(HashAlg.SHA256.hash(authorized, policyRef));
      signed[0] ^= 1;
      assertRefused(
          ResponseCode.SIGNATURE,
          () -> tpm.execute(new VerifySignature(known.handle(), signed, signature)));
    }
  }

  @Test
  void thePoliciesOfEndorsementKeysAreThoseOfTheProfile() throws Exception {
    for (EkTemplate template : EkTemplate.values()) {
      try (Session session = SessionSpec.trial().hash(template.policy().hash()).open(tpm)) {
        tpm.execute(new Policy.BySecret(Handle.ENDORSEMENT.withEmptyAuth(), session));
        var alternative = template.policy().alternative();
        if (alternative.isPresent()) {
          byte[] policyA = tpm.execute(new Policy.GetDigest(session));
          tpm.execute(new Policy.Or(session, List.of(policyA, alternative.get())));
        }
        assertThat(tpm.execute(new Policy.GetDigest(session)))
            .isEqualTo(template.policy().digest());
      }
    }
  }

  @Test
  void onlyATpmThatHoldsAnObjectCertifiesIt() throws Exception {
    try (TpmObject key = tpm.open(new CreatePrimary(OWNER, ecc()));
        TpmObject object = tpm.open(new CreatePrimary(OWNER, KeyTemplate.storageEcc()))) {
      var certified =
          tpm.execute(
              new Certify(
                  object.handle().withEmptyAuth(),
                  key.handle().withEmptyAuth(),
                  NONCE,
                  SignatureScheme.OF_KEY));
      assertThat(((Attest.Certified) certified.parsed().attested()).name())
          .isEqualTo(object.name());
      Signatures.verify(key.area(), certified.attest(), certified.signature());
    }
  }

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
      try (Session session = SessionSpec.trial().open(tpm)) {
        tpm.execute(new Policy.Nv(OWNER, index, session, NONCE, 5, 0));
        assertThat(tpm.execute(new Policy.GetDigest(session))).isNotEqualTo(new byte[32]);
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

  static void assertRefused(int code, ThrowingCallable command) {
    assertThatThrownBy(command)
        .isInstanceOfSatisfying(
            TpmResponseException.class, e -> assertThat(e.code().base()).isEqualTo(code));
  }

  static TpmPublic ecc() {
    return KeyTemplate.attestationEcc(EccCurve.P256, HashAlg.SHA256);
  }
}
