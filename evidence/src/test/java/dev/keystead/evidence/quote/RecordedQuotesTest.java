package dev.keystead.evidence.quote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.Fixture;
import dev.keystead.evidence.Refusal;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.TpmSignature;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RecordedQuotesTest {
  static Stream<Arguments> quotes() {
    return Fixture.all().flatMap(f -> Stream.of(Arguments.of(f, "ecc"), Arguments.of(f, "rsa")));
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void everyRecordedQuoteVerifies(Fixture boot, String type) {
    VerifiedQuote quote =
        verifier(boot, type).verify(boot.quote(type), boot.nonce(), boot.coverage(type));

    assertThat(quote.clock().safe()).isTrue();
    assertThat(quote.values()).isEqualTo(boot.quote(type).values());
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void aQuoteForAnotherNonceIsRefused(Fixture boot, String type) {
    byte[] nonce = boot.nonce();
    nonce[31] ^= 1;

    Refusal.of(
        Code.NONCE_MISMATCH,
        () -> verifier(boot, type).verify(boot.quote(type), nonce, boot.coverage(type)));
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void aQuoteWithTheLastByteOfTheNonceCutOffIsRefused(Fixture boot, String type) {
    byte[] nonce = java.util.Arrays.copyOf(boot.nonce(), 31);

    Refusal.of(
        Code.NONCE_MISMATCH,
        () -> verifier(boot, type).verify(boot.quote(type), nonce, boot.coverage(type)));
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void aQuoteUnderAnotherBootsKeyIsRefused(Fixture boot, String type) {
    Fixture other = boot.equals(Fixture.SECURE) ? Fixture.CLEAN : Fixture.SECURE;

    Refusal.of(
        Code.SIGNATURE_INVALID,
        () -> verifier(other, type).verify(boot.quote(type), boot.nonce(), boot.coverage(type)));
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void aChangedPcrValueIsRefused(Fixture boot, String type) {
    for (int pcr = 0; pcr < 11; pcr++) {
      Quote quote = withPcr(boot.quote(type), pcr, Digest.hash(HashAlg.SHA256, new byte[] {1}));

      Refusal.of(
          Code.PCR_DIGEST_MISMATCH,
          () -> verifier(boot, type).verify(quote, boot.nonce(), boot.coverage(type)));
    }
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void pcrFilesAreWrittenAsTheyWereRead(Fixture boot, String type) {
    byte[] file = boot.bytes("quote_" + type + ".pcrs");

    assertThat(PcrFile.write(PcrFile.parse(file))).isEqualTo(file);
  }

  @Test
  void valuesOfMorePcrsThanAttestedAreRefused() {
    Fixture boot = Fixture.CLEAN;
    Quote rsa = boot.quote("rsa");
    Quote quote = new Quote(rsa.attest(), rsa.signature(), boot.quote("ecc").values());

    Refusal.of(
        Code.SELECTION_MISMATCH,
        () -> verifier(boot, "rsa").verify(quote, boot.nonce(), boot.coverage("rsa")));
  }

  @Test
  void aQuoteThatLacksAPcrThatIsNeededIsRefused() {
    Fixture boot = Fixture.CLEAN;
    var needed = new Coverage.AtLeast(PcrSelection.of(HashAlg.SHA256, 7, 14));

    var finding =
        Refusal.of(
            Code.PCR_MISSING,
            () -> verifier(boot, "rsa").verify(boot.quote("rsa"), boot.nonce(), needed));

    assertThat(finding.detail()).contains("sha256:14");
  }

  @Test
  void aQuoteOfAnotherBankThanNeededIsRefused() {
    Fixture boot = Fixture.CLEAN;
    var needed = new Coverage.AtLeast(PcrSelection.of(HashAlg.SHA384, 7));

    Refusal.of(
        Code.PCR_MISSING,
        () -> verifier(boot, "rsa").verify(boot.quote("rsa"), boot.nonce(), needed));
  }

  @Test
  void aQuoteOfMoreThanWasAskedForIsRefused() {
    Fixture boot = Fixture.CLEAN;
    var asked = new Coverage.Exactly(PcrSelection.of(HashAlg.SHA256, 0, 1, 2));

    Refusal.of(
        Code.SELECTION_MISMATCH,
        () -> verifier(boot, "rsa").verify(boot.quote("rsa"), boot.nonce(), asked));
  }

  @Test
  void aHashThatIsNotAcceptedIsRefused() {
    Fixture boot = Fixture.CLEAN;
    var accepted =
        new AcceptedAlgorithms(AcceptedAlgorithms.ALL.schemes(), java.util.Set.of(HashAlg.SHA384));

    Refusal.of(
        Code.ALGORITHM_REFUSED,
        () ->
            new QuoteVerifier(boot.key("ecc"), accepted)
                .verify(boot.quote("ecc"), boot.nonce(), boot.coverage("ecc")));
  }

  @Test
  void aSchemeThatTheKeyDoesNotHaveIsRefused() {
    Fixture boot = Fixture.CLEAN;
    Quote rsa = boot.quote("rsa");
    byte[] number = ((TpmSignature.RsaSsa) rsa.signature()).signature();
    Quote quote =
        new Quote(rsa.attest(), new TpmSignature.RsaPss(HashAlg.SHA256, number), rsa.values());

    Refusal.of(
        Code.ALGORITHM_REFUSED,
        () -> verifier(boot, "rsa").verify(quote, boot.nonce(), boot.coverage("rsa")));
  }

  @Test
  void weakHashesCannotBeAccepted() {
    Refusal.of(
        Code.POLICY_UNUSABLE,
        () ->
            new AcceptedAlgorithms(
                AcceptedAlgorithms.ALL.schemes(), java.util.Set.of(HashAlg.SHA1)));
  }

  @Test
  void aPemKeyLooksAtAQuoteAsABareKey() throws Exception {
    Fixture boot = Fixture.CLEAN;
    String pem =
        new String(boot.shared("ak_ecc.pub.pem"), StandardCharsets.US_ASCII)
            .replaceAll("-----[^-]+-----|\\s", "");
    PublicKey key =
        KeyFactory.getInstance("EC")
            .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(pem)));
    var verifier = new QuoteVerifier(new BareKey(key), AcceptedAlgorithms.ALL);

    VerifiedQuote quote = verifier.verify(boot.quote("ecc"), boot.nonce(), boot.coverage("ecc"));

    assertThat(quote.key()).isInstanceOf(BareKey.class);
  }

  private static QuoteVerifier verifier(Fixture boot, String type) {
    return new QuoteVerifier(boot.key(type), AcceptedAlgorithms.ALL);
  }

  private static Quote withPcr(Quote quote, int pcr, Digest value) {
    SortedMap<Integer, Digest> values =
        new TreeMap<>(quote.values().banks().firstEntry().getValue());
    values.put(pcr, value);
    return new Quote(quote.attest(), quote.signature(), PcrValues.of(value.alg(), values));
  }
}
