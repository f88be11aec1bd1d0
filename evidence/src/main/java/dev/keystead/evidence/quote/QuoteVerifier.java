package dev.keystead.evidence.quote;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmReader;
import dev.keystead.tpm.structure.TpmSignature;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Verifies quotes by one key. Immutable and cheap to keep: the key is parsed once, so that a quote
 * costs little more than its signature.
 */
public final class QuoteVerifier {
  private static final int ST_ATTEST_QUOTE = 0x8018;

  private final QuoteKey key;
  private final AcceptedAlgorithms accepted;

  /** Trusts {@code key} and what is {@code accepted}, nothing else. */
  public QuoteVerifier(QuoteKey key, AcceptedAlgorithms accepted) {
    this.key = key;
    this.accepted = accepted;
  }

  /**
   * Verifies everything about a quote but its clock (see {@link QuoteClock}).
   *
   * @param nonce the qualifying data that was sent, exactly
   * @param coverage the PCRs that the quote has to cover
   * @throws EvidenceException with ALGORITHM_REFUSED, SIGNATURE_INVALID, MALFORMED, NOT_A_QUOTE,
   *     NONCE_MISMATCH, SELECTION_MISMATCH, PCR_MISSING or PCR_DIGEST_MISMATCH
   */
  public VerifiedQuote verify(Quote quote, byte[] nonce, Coverage coverage) {
    HashAlg hash = quote.signature().hash();
    Attest attest = verifyAttested(quote.attest(), quote.signature(), nonce);
    Attest.Quoted quoted = (Attest.Quoted) attest.attested();
    requireSelection(quoted.selection(), quote.values());
    requireCoverage(quoted.selection(), coverage);
    byte[] digest = quote.values().pcrDigest(hash);
    if (!MessageDigest.isEqual(quoted.pcrDigest(), digest)) {
      throw refused(
          Code.PCR_DIGEST_MISMATCH,
          "the values hash to %s, attested is %s".formatted(hex(digest), hex(quoted.pcrDigest())));
    }
    return new VerifiedQuote(key, attest, quote.values());
  }

  /**
   * Verifies what is signed, for looking at a quote whose PCR values are not at hand: what it
   * covers is known, not what those PCRs hold.
   *
   * @return the attestation, which is of type {@link Attest.Quoted}
   * @throws EvidenceException with ALGORITHM_REFUSED, SIGNATURE_INVALID, MALFORMED, NOT_A_QUOTE or
   *     NONCE_MISMATCH
   */
  public Attest verifyAttested(byte[] bytes, TpmSignature signature, byte[] nonce) {
    requireAccepted(Scheme.of(signature), signature.hash());
    SignatureCheck.require(key.publicKey(), signature, bytes);
    Attest attest = parse(bytes);
    if (!(attest.attested() instanceof Attest.Quoted)) {
      throw refused(Code.NOT_A_QUOTE, "it attests " + attest.attested().getClass().getSimpleName());
    }
    if (!MessageDigest.isEqual(attest.extraData(), nonce)) {
      throw refused(
          Code.NONCE_MISMATCH,
          "its qualifying data is %s, the nonce is %s"
              .formatted(hex(attest.extraData()), hex(nonce)));
    }
    return attest;
  }

  private void requireAccepted(Scheme scheme, HashAlg hash) {
    String algorithm = scheme.label() + " with " + hash.label();
    if (!accepted.schemes().contains(scheme) || !accepted.hashes().contains(hash)) {
      throw refused(Code.ALGORITHM_REFUSED, algorithm + " is not accepted");
    }
    if (!key.signsWith(scheme, hash)) {
      throw refused(Code.ALGORITHM_REFUSED, algorithm + " is not what the key signs with");
    }
  }

  private static Attest parse(byte[] bytes) {
    try {
      // Looked at first, because Attest refuses types that it does not know as malformed.
      TpmReader head = new TpmReader(bytes);
      if (head.i32() == Attest.MAGIC) {
        int type = head.u16();
        if (type != ST_ATTEST_QUOTE) {
          throw refused(Code.NOT_A_QUOTE, "it is of attestation type 0x%04x".formatted(type));
        }
      }
      return Attest.parse(bytes);
    } catch (TpmFormatException e) {
      throw refused(Code.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  /** The same banks, in the order in which the values are hashed; an empty bank says nothing. */
  private static void requireSelection(PcrSelection attested, PcrValues values) {
    var selected = attested.banks().stream().filter(bank -> bank.mask() != 0).toList();
    var sent = values.selection();
    if (!selected.equals(sent.banks())) {
      throw refused(
          Code.SELECTION_MISMATCH,
          "it covers %s, the values are of %s".formatted(words(attested), words(sent)));
    }
  }

  private static void requireCoverage(PcrSelection attested, Coverage coverage) {
    PcrSelection wanted = coverage.selection();
    for (PcrSelection.Bank bank : wanted.banks()) {
      int missing = bank.mask() & ~attested.mask(bank.alg());
      if (missing != 0) {
        throw refused(
            Code.PCR_MISSING,
            "it does not cover " + words(PcrSelection.ofMask(bank.alg(), missing)));
      }
    }
    if (coverage instanceof Coverage.Exactly && !nonEmpty(attested).equals(nonEmpty(wanted))) {
      throw refused(
          Code.SELECTION_MISMATCH,
          "it covers %s, asked for was %s".formatted(words(attested), words(wanted)));
    }
  }

  private static Set<PcrSelection.Bank> nonEmpty(PcrSelection selection) {
    Set<PcrSelection.Bank> banks = new HashSet<>(selection.banks());
    banks.removeIf(bank -> bank.mask() == 0);
    return banks;
  }

  private static String words(PcrSelection selection) {
    return selection.banks().stream()
        .filter(bank -> bank.mask() != 0)
        .map(bank ->
            bank.alg().label()
                + ":"
                + bank.pcrs().mapToObj(Integer::toString).collect(Collectors.joining(",")))
        .collect(Collectors.joining("+", "", ""))
        .transform(words -> words.isEmpty() ? "no PCR" : words);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static EvidenceException refused(Code code, String detail) {
    return new EvidenceException(code, "quote", detail);
  }
}
