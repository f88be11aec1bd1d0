package dev.keystead.keylime.quote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.keylime.Capture;
import dev.keystead.keylime.Envelope;
import dev.keystead.keylime.Nonce;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.registration.Registration;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quotes that agents really sent, from the text to the proof. */
class QuoteCaptureTest {
  private static final String IDENTITIES =
      """
      pull/02-register, pull/07-quotes-identity
      pull-cert-package/01-register, pull-cert-package/03-quotes-identity
      pull-ecc384-measured-boot/01-register, pull-ecc384-measured-boot/04-quotes-identity
      pull-python-agent-6.6.0/03-register, pull-python-agent-6.6.0/06-quotes-identity
      """;
  private static final String FIRST =
      """
      pull/02-register, pull/12-quotes-integrity-first
      pull-cert-package/01-register, pull-cert-package/06-quotes-integrity-first
      pull-ecc384-measured-boot/01-register, pull-ecc384-measured-boot/07-quotes-integrity-first
      pull-ecc384-measured-boot/01-register, pull-ecc384-measured-boot/13-quotes-integrity-pcr4-differs
      pull-python-agent-6.6.0/03-register, pull-python-agent-6.6.0/09-quotes-integrity-first
      """;
  private static final String PARTIAL =
      """
      pull/02-register, pull/15-quotes-integrity-increment-empty
      pull/02-register, pull/18-quotes-integrity-tampered
      pull-ecc384-measured-boot/01-register, pull-ecc384-measured-boot/09-quotes-integrity
      pull-python-agent-6.6.0/03-register, pull-python-agent-6.6.0/12-quotes-integrity-increment-empty
      pull-python-agent-6.6.0/03-register, pull-python-agent-6.6.0/13-quotes-integrity-tampered
      """;

  private static QuoteReply reply(Capture capture) {
    return QuoteReply.parse(
        Envelope.parse(capture.response().toBytes(), Limits.EVIDENCE).results());
  }

  private static VerifiedQuote verify(String registration, Capture capture, int mask) {
    AttestationKey ak =
        AttestationKey.of(Registration.parse(Capture.of(registration).request()).ak());
    QuoteReply reply = reply(capture);
    AcceptLists.DEFAULT.require(reply.algorithms());
    return new QuoteVerifier(ak, AcceptedAlgorithms.ALL)
        .verify(
            reply.quote(),
            new Nonce(capture.parameter("nonce").orElseThrow()).bytes(),
            new Coverage.AtLeast(PcrSelection.ofMask(reply.hash(), mask)));
  }

  @ParameterizedTest
  @CsvSource(textBlock = IDENTITIES)
  void anIdentityQuoteVerifiesAndBindsThePayloadKey(String registration, String name) {
    Capture capture = Capture.of(name);
    assertThat(QuoteQuery.Identity.parse(capture::parameter).toQuery())
        .isEqualTo(capture.path().replaceFirst(".*\\?", ""));
    VerifiedQuote quote = verify(registration, capture, 1 << PayloadKey.PCR);
    QuoteReply reply = reply(capture);
    reply.payloadKey().orElseThrow().requireBoundBy(quote, reply.hash());
    assertThat(reply.toJson()).isEqualTo(capture.results());
    assertThat(reply.ima()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(textBlock = FIRST)
  void aWholeQuoteVerifiesAndComesWithTheLists(String registration, String name) {
    Capture capture = Capture.of(name);
    QuoteQuery.Integrity query = QuoteQuery.Integrity.parse(capture::parameter);
    assertThat(query.toQuery()).isEqualTo(capture.path().replaceFirst(".*\\?", ""));
    assertThat(query.partial()).isFalse();
    VerifiedQuote quote = verify(registration, capture, query.mask().with(PayloadKey.PCR).bits());
    QuoteReply reply = reply(capture);
    reply.payloadKey().orElseThrow().requireBoundBy(quote, reply.hash());
    assertThat(reply.toJson()).isEqualTo(capture.results());
    assertThat(reply.ima().orElseThrow().firstEntry()).isZero();
    assertThat(reply.ima().orElseThrow().entries().lines()).hasSize(30);
    assertThat(reply.bootLog().isPresent()).isEqualTo(query.mask().contains(0));
  }

  @ParameterizedTest
  @CsvSource(textBlock = PARTIAL)
  void aPartialQuoteVerifiesAndContinuesTheList(String registration, String name) {
    Capture capture = Capture.of(name);
    QuoteQuery.Integrity query = QuoteQuery.Integrity.parse(capture::parameter);
    assertThat(query.partial()).isTrue();
    VerifiedQuote quote = verify(registration, capture, query.mask().with(PayloadKey.PCR).bits());
    QuoteReply reply = reply(capture);
    assertThat(quote.clock().safe()).isTrue();
    assertThat(reply.toJson()).isEqualTo(capture.results());
    assertThat(reply.payloadKey()).isEmpty();
    assertThat(reply.ima().orElseThrow().firstEntry()).isEqualTo(query.imaEntry()).isEqualTo(30);
  }

  @Test
  void onlyTheOldAgentSaysWhenItBooted() {
    assertThat(reply(Capture.of("pull-python-agent-6.6.0/06-quotes-identity")).bootTime())
        .contains(1795315496L);
    assertThat(reply(Capture.of("pull/07-quotes-identity")).bootTime()).isEmpty();
  }

  @Test
  void aPayloadKeyOfAnotherAgentIsNotBound() {
    VerifiedQuote quote =
        verify("pull/02-register", Capture.of("pull/07-quotes-identity"), 1 << PayloadKey.PCR);
    PayloadKey other =
        reply(Capture.of("pull-cert-package/03-quotes-identity")).payloadKey().orElseThrow();
    assertThatThrownBy(() -> other.requireBoundBy(quote, HashAlg.SHA256))
        .isInstanceOfSatisfying(
            EvidenceException.class,
            e -> assertThat(e.finding().code()).isEqualTo(Finding.Code.KEY_NOT_BOUND));
  }

  @Test
  void thePayloadKeyWithOtherLineBreaksIsNotTheOneThatIsBound() {
    Capture capture = Capture.of("pull/07-quotes-identity");
    VerifiedQuote quote = verify("pull/02-register", capture, 1 << PayloadKey.PCR);
    String pem = reply(capture).payloadKey().orElseThrow().pem();
    PayloadKey same = PayloadKey.parse(pem.replace("\n", "\r\n"));
    assertThat(same.key()).isEqualTo(reply(capture).payloadKey().orElseThrow().key());
    assertThatThrownBy(() -> same.requireBoundBy(quote, HashAlg.SHA256))
        .isInstanceOf(EvidenceException.class);
  }

  @Test
  void aQuoteWithoutPcr16BindsNoPayloadKey() {
    Capture capture = Capture.of("pull/07-quotes-identity");
    VerifiedQuote quote = verify("pull/02-register", capture, 1 << PayloadKey.PCR);
    assertThatThrownBy(
            () -> reply(capture).payloadKey().orElseThrow().requireBoundBy(quote, HashAlg.SHA384))
        .isInstanceOfSatisfying(
            EvidenceException.class,
            e -> assertThat(e.finding().code()).isEqualTo(Finding.Code.PCR_MISSING));
  }

  @Test
  void theKeyOfOursIsWrittenAsTheRustAgentWritesIt() {
    PayloadKey key = reply(Capture.of("pull/07-quotes-identity")).payloadKey().orElseThrow();
    assertThat(PayloadKey.of(key.key()).pem()).isEqualTo(key.pem());
  }
}
