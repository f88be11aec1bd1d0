package dev.keystead.evidence.quote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.Refusal;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.ObjectAttributes;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmSignature;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForgedQuotesTest {
  private static final Coverage ANY = new Coverage.AtLeast(new PcrSelection(List.of()));

  @Test
  void aGoodQuoteVerifies() {
    VerifiedQuote quote = verify(Forge.good(), Forge.VALUES);

    assertThat(quote.values()).isEqualTo(Forge.VALUES);
    assertThat(quote.clock()).isEqualTo(Forge.CLOCK);
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 222})
  void aPssQuoteVerifiesWithTheSaltOfEitherLength(int salt) {
    byte[] attest = Forge.good();
    Quote quote = new Quote(attest, Forge.pss(salt, attest), Forge.VALUES);

    assertThat(
            new QuoteVerifier(Forge.rsa(TpmSignature.RSAPSS), AcceptedAlgorithms.ALL)
                .verify(quote, Forge.NONCE, ANY)
                .values())
        .isEqualTo(Forge.VALUES);
  }

  @Test
  void aPssQuoteWithoutSaltIsRefused() {
    byte[] attest = Forge.good();
    Quote quote = new Quote(attest, Forge.pss(0, attest), Forge.VALUES);

    Refusal.of(
        Code.SIGNATURE_INVALID,
        () ->
            new QuoteVerifier(Forge.rsa(TpmSignature.RSAPSS), AcceptedAlgorithms.ALL)
                .verify(quote, Forge.NONCE, ANY));
  }

  @Test
  void anAttestedSelectionThatIsNotThatOfTheValuesIsRefused() {
    byte[] attest =
        Forge.quote(PcrSelection.of(HashAlg.SHA256, 1, 7), Forge.VALUES.pcrDigest(HashAlg.SHA256));

    refused(Code.SELECTION_MISMATCH, attest);
  }

  @Test
  void valuesUnderTheNumbersOfOtherPcrsAreRefused() {
    PcrValues moved =
        PcrValues.of(
            HashAlg.SHA256,
            Map.of(
                0, Forge.VALUES.get(HashAlg.SHA256, 0).orElseThrow(),
                8, Forge.VALUES.get(HashAlg.SHA256, 7).orElseThrow()));

    Refusal.of(Code.SELECTION_MISMATCH, () -> verify(Forge.good(), moved));
  }

  @Test
  void banksInAnotherOrderThanAttestedAreRefused() {
    Digest zero = Digest.zero(HashAlg.SHA384);
    SequencedMap<HashAlg, SortedMap<Integer, Digest>> banks = new LinkedHashMap<>();
    banks.put(HashAlg.SHA256, Forge.VALUES.banks().firstEntry().getValue());
    banks.put(HashAlg.SHA384, new TreeMap<>(Map.of(0, zero)));
    PcrValues values = new PcrValues(banks);
    byte[] attest = Forge.quote(values.selection(), values.pcrDigest(HashAlg.SHA256));

    assertThat(verify(attest, values).values()).isEqualTo(values);
    Refusal.of(Code.SELECTION_MISMATCH, () -> verify(attest, new PcrValues(banks.reversed())));
  }

  @Test
  void anEmptyBankInTheAttestedSelectionSaysNothing() {
    PcrSelection selection =
        new PcrSelection(
            List.of(
                new PcrSelection.Bank(HashAlg.SHA1, 0),
                Forge.VALUES.selection().banks().getFirst()));

    assertThat(
            verify(Forge.quote(selection, Forge.VALUES.pcrDigest(HashAlg.SHA256)), Forge.VALUES)
                .values())
        .isEqualTo(Forge.VALUES);
  }

  @Test
  void aQuoteOfNothingCoversNothing() {
    PcrValues none = new PcrValues(new LinkedHashMap<>());
    byte[] attest = Forge.quote(none.selection(), none.pcrDigest(HashAlg.SHA256));
    Quote quote = new Quote(attest, Forge.ecdsa(HashAlg.SHA256, attest), none);

    Refusal.of(
        Code.PCR_MISSING,
        () ->
            verifier()
                .verify(
                    quote, Forge.NONCE, new Coverage.AtLeast(PcrSelection.of(HashAlg.SHA256, 10))));
  }

  @Test
  void aCertificationOfAKeyIsNoQuote() {
    byte[] name = TpmName.ofPublic(HashAlg.SHA256, new byte[2]).bytes();

    refused(Code.NOT_A_QUOTE, Forge.attest(0x8017).sized(name).sized(name).toBytes());
  }

  @ParameterizedTest
  @ValueSource(ints = {0x8014, 0x8015, 0x8016, 0x8017, 0x8019, 0x801a, 0x801c, 0})
  void noOtherAttestationIsAQuote(int type) {
    byte[] attest = Forge.good();
    attest[4] = (byte) (type >> 8);
    attest[5] = (byte) type;

    refused(Code.NOT_A_QUOTE, attest);
  }

  @Test
  void whatNoTpmMadeIsRefusedThoughTheKeySignedIt() {
    byte[] attest = Forge.good();
    attest[0] = 0;

    refused(Code.MALFORMED, attest);
  }

  @Test
  void trailingBytesAreRefusedThoughTheKeySignedThem() {
    byte[] attest = Forge.good();

    refused(Code.MALFORMED, Arrays.copyOf(attest, attest.length + 1));
  }

  @Test
  void aDigestMadeWithAnotherHashIsRefused() {
    refused(
        Code.PCR_DIGEST_MISMATCH,
        Forge.quote(Forge.VALUES.selection(), Forge.VALUES.pcrDigest(HashAlg.SHA1)));
  }

  @Test
  void anEmptyDigestIsRefused() {
    refused(Code.PCR_DIGEST_MISMATCH, Forge.quote(Forge.VALUES.selection(), new byte[0]));
  }

  @Test
  void aSha1SignatureIsRefused() {
    byte[] attest = Forge.good();
    Quote quote = new Quote(attest, Forge.ecdsa(HashAlg.SHA1, attest), Forge.VALUES);

    Refusal.of(Code.ALGORITHM_REFUSED, () -> verifier().verify(quote, Forge.NONCE, ANY));
  }

  @Test
  void aSignatureWithAnotherHashThanTheKeysIsRefused() {
    byte[] attest = Forge.good();
    Quote quote = new Quote(attest, Forge.ecdsa(HashAlg.SHA384, attest), Forge.VALUES);

    Refusal.of(Code.ALGORITHM_REFUSED, () -> verifier().verify(quote, Forge.NONCE, ANY));
  }

  @Test
  void anEcdsaSignatureOfZerosIsRefused() {
    for (byte[] number : List.of(new byte[0], new byte[1], new byte[32], new byte[66])) {
      Quote quote =
          new Quote(
              Forge.good(), new TpmSignature.Ecdsa(HashAlg.SHA256, number, number), Forge.VALUES);

      Refusal.of(Code.SIGNATURE_INVALID, () -> verifier().verify(quote, Forge.NONCE, ANY));
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        ObjectAttributes.RESTRICTED,
        ObjectAttributes.SIGN,
        ObjectAttributes.FIXED_TPM,
        ObjectAttributes.FIXED_PARENT,
        ObjectAttributes.SENSITIVE_DATA_ORIGIN
      })
  void aKeyThatLacksAnAttributeIsNoAttestationKey(int missing) {
    unfit(Forge.AK & ~missing, HashAlg.SHA256, TpmSignature.ECDSA, HashAlg.SHA256);
  }

  @Test
  void anUnrestrictedKeyIsNamedAsSuch() {
    Finding finding =
        unfit(
            Forge.AK & ~ObjectAttributes.RESTRICTED,
            HashAlg.SHA256,
            TpmSignature.ECDSA,
            HashAlg.SHA256);

    assertThat(finding.detail()).isEqualTo("it is not restricted");
  }

  @Test
  void aKeyThatMayDecryptIsNoAttestationKey() {
    unfit(Forge.AK | ObjectAttributes.DECRYPT, HashAlg.SHA256, TpmSignature.ECDSA, HashAlg.SHA256);
  }

  @Test
  void sha1IsNoHashOfAnAttestationKey() {
    unfit(Forge.AK, HashAlg.SHA1, TpmSignature.ECDSA, HashAlg.SHA256);
    unfit(Forge.AK, HashAlg.SHA256, TpmSignature.ECDSA, HashAlg.SHA1);
  }

  @Test
  void aKeyWithoutASchemeOrWithOneOfAnotherTypeIsNoAttestationKey() {
    int ecdaa = 0x001a;
    unfit(Forge.AK, HashAlg.SHA256, ecdaa, HashAlg.SHA256);
    unfit(Forge.AK, HashAlg.SHA256, TpmSignature.RSASSA, HashAlg.SHA256);
    Refusal.of(
        Code.AK_UNFIT,
        () -> AttestationKey.of(Forge.ecc(Forge.AK, HashAlg.SHA256, 0x0010, Optional.empty())));
  }

  @Test
  void aPointOffTheCurveIsNoAttestationKey() {
    TpmPublic good =
        Forge.ecc(Forge.AK, HashAlg.SHA256, TpmSignature.ECDSA, Optional.of(HashAlg.SHA256));
    ((TpmPublic.Ecc) good.key()).x()[31] ^= 1;

    Refusal.of(Code.AK_UNFIT, () -> AttestationKey.of(good));
  }

  @Test
  void anRsaKeyOf1024BitsIsNoAttestationKey() {
    byte[] modulus = new byte[128];
    Arrays.fill(modulus, (byte) 0xff);
    TpmPublic weak =
        new TpmPublic(
            HashAlg.SHA256,
            new ObjectAttributes(Forge.AK),
            new byte[0],
            new TpmPublic.Rsa(
                Optional.empty(),
                TpmSignature.RSASSA,
                Optional.of(HashAlg.SHA256),
                1024,
                0,
                modulus));

    Refusal.of(Code.AK_UNFIT, () -> AttestationKey.of(weak));
  }

  private static Finding unfit(int attributes, HashAlg name, int scheme, HashAlg hash) {
    return Refusal.of(
        Code.AK_UNFIT,
        () -> AttestationKey.of(Forge.ecc(attributes, name, scheme, Optional.of(hash))));
  }

  private static void refused(Code code, byte[] attest) {
    Refusal.of(code, () -> verify(attest, Forge.VALUES));
  }

  private static VerifiedQuote verify(byte[] attest, PcrValues values) {
    Quote quote = new Quote(attest, Forge.ecdsa(HashAlg.SHA256, attest), values);
    return verifier().verify(quote, Forge.NONCE, ANY);
  }

  private static QuoteVerifier verifier() {
    return new QuoteVerifier(Forge.ecc(), AcceptedAlgorithms.ALL);
  }
}
