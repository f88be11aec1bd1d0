package dev.keystead.tpm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.tpm.command.Certify;
import dev.keystead.tpm.command.Create;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.command.Load;
import dev.keystead.tpm.command.LoadExternal;
import dev.keystead.tpm.command.MakeCredential;
import dev.keystead.tpm.command.Pcr;
import dev.keystead.tpm.command.Policy;
import dev.keystead.tpm.command.Quote;
import dev.keystead.tpm.command.Sign;
import dev.keystead.tpm.command.Unseal;
import dev.keystead.tpm.command.VerifySignature;
import dev.keystead.tpm.credential.SoftwareCredential;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.property.PcrValues;
import dev.keystead.tpm.session.SessionSpec;
import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.structure.SymmetricDef;
import dev.keystead.tpm.structure.Ticket;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmSignature;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.template.KeyTemplate;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every TPM, however it is reached: keys, sessions and policies. */
abstract class TpmContract extends TpmStorageContract {
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
}
