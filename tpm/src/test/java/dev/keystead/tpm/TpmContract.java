package dev.keystead.tpm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.tpm.command.Capability;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.command.Quote;
import dev.keystead.tpm.credential.SoftwareCredential;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.property.PcrValues;
import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.template.KeyTemplate;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

  static TpmPublic ecc() {
    return KeyTemplate.attestationEcc(EccCurve.P256, HashAlg.SHA256);
  }
}
