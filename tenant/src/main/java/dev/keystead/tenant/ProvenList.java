package dev.keystead.tenant;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.ima.ImaEntry;
import dev.keystead.evidence.ima.ImaReader;
import dev.keystead.evidence.ima.ImaReplay;
import dev.keystead.evidence.ima.ImaState;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.QuoteClock;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.keylime.Nonce;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.keylime.quote.QuoteReply;
import dev.keystead.keylime.registration.AgentRecord;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A measurement list as far as a fresh quote by the registered attestation key covers it. */
final class ProvenList {
  private ProvenList() {}

  /**
   * The covered entries, as text.
   *
   * @throws EvidenceException with the reason why the evidence is refused
   */
  static byte[] of(AgentRecord record, Nonce nonce, QuoteReply reply, HashAlg templateHash) {
    AcceptLists.DEFAULT.require(reply.algorithms());
    HashAlg bank = reply.hash();
    VerifiedQuote quote =
        new QuoteVerifier(AttestationKey.of(record.ak()), AcceptLists.DEFAULT.forQuotes())
            .verify(
                reply.quote(),
                nonce.bytes(),
                new Coverage.AtLeast(PcrSelection.of(bank, ImaReplay.PCR)));
    QuoteClock.requireSafe(quote.clock());
    Digest pcr10 =
        quote
            .values()
            .get(bank, ImaReplay.PCR)
            .orElseThrow(() -> refused("the quote has no PCR 10"));
    QuoteReply.ImaList list =
        reply.ima().orElseThrow(() -> refused("the agent sends no measurement list"));
    if (list.firstEntry() != 0) {
      throw refused("the agent sends a list that does not start at its first entry");
    }
    long covered = covered(list.entries(), bank, pcr10, templateHash);
    return list.entries()
        .lines()
        .limit(covered)
        .map(line -> line + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static long covered(String entries, HashAlg bank, Digest pcr10, HashAlg templateHash) {
    ImaReplay replay = new ImaReplay(ImaState.start(Set.of(bank)));
    Map<HashAlg, Digest> quoted = Map.of(bank, pcr10);
    ImaReader reader = ImaReader.of(entries.getBytes(StandardCharsets.UTF_8), 0, templateHash);
    for (Optional<ImaEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
      replay.extend(e.get());
      if (replay.isAt(quoted)) {
        return replay.entries();
      }
    }
    throw refused("the list does not replay to the quoted PCR 10");
  }

  private static EvidenceException refused(String detail) {
    return new EvidenceException(Code.IMA_LIST_MISMATCH, "IMA list", detail);
  }
}
