package dev.keystead.tenant;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.QuoteClock;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.Nonce;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.keylime.quote.QuoteReply;
import dev.keystead.keylime.registration.AgentRecord;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;

/**
 * An agent that has just proved itself to the owner: a fresh quote by the registered attestation
 * key binds its payload key. There is no other way to get one, and what the verifier is told of the
 * agent is taken from here, so that owner and verifier can never mean two different machines
 * (CVE-2022-1053).
 */
final class ProvenAgent {
  private final AgentRecord record;
  private final ContactAddress contact;
  private final MtlsCert mtlsCert;
  private final AttestationKey ak;
  private final PayloadKey payloadKey;

  private ProvenAgent(
      AgentRecord record,
      ContactAddress contact,
      MtlsCert mtlsCert,
      AttestationKey ak,
      PayloadKey payloadKey) {
    this.record = record;
    this.contact = contact;
    this.mtlsCert = mtlsCert;
    this.ak = ak;
    this.payloadKey = payloadKey;
  }

  /**
   * Judges an identity quote (sections 4.1 to 4.3).
   *
   * @param record what the registrar told
   * @param contact where the agent was spoken to
   * @param mtlsCert by which the agent was spoken to
   * @param nonce what it was asked with
   * @param reply what it answered
   * @throws EvidenceException with the reason why it is refused
   */
  static ProvenAgent of(
      AgentRecord record,
      ContactAddress contact,
      MtlsCert mtlsCert,
      Nonce nonce,
      QuoteReply reply,
      AcceptLists accept) {
    AttestationKey ak = AttestationKey.of(record.ak());
    accept.require(reply.algorithms());
    HashAlg bank = reply.hash();
    if (reply.quote().signature().hash() != bank) {
      throw new EvidenceException(
          Code.ALGORITHM_REFUSED,
          "hash_alg",
          "the agent says %s, the quote is signed with %s"
              .formatted(bank.label(), reply.quote().signature().hash().label()));
    }
    VerifiedQuote quote =
        new QuoteVerifier(ak, accept.forQuotes())
            .verify(
                reply.quote(),
                nonce.bytes(),
                new Coverage.AtLeast(PcrSelection.of(bank, PayloadKey.PCR)));
    QuoteClock.requireSafe(quote.clock());
    PayloadKey payloadKey =
        reply
            .payloadKey()
            .orElseThrow(() ->
                new EvidenceException(
                    Code.KEY_NOT_BOUND, "pubkey", "the reply brings no payload key"));
    payloadKey.requireBoundBy(quote, bank);
    return new ProvenAgent(record, contact, mtlsCert, ak, payloadKey);
  }

  AgentRecord record() {
    return record;
  }

  ContactAddress contact() {
    return contact;
  }

  MtlsCert mtlsCert() {
    return mtlsCert;
  }

  AttestationKey ak() {
    return ak;
  }

  PayloadKey payloadKey() {
    return payloadKey;
  }
}
