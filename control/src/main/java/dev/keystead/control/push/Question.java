package dev.keystead.control.push;

import dev.keystead.evidence.Evidence;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.keylime.push.CertificationKey;
import dev.keystead.keylime.push.Challenge;
import dev.keystead.keylime.push.CollectedEvidence;
import dev.keystead.keylime.push.EvidenceItems;
import dev.keystead.keylime.push.EvidenceOffer;
import dev.keystead.keylime.push.EvidenceRequest;
import dev.keystead.keylime.push.ImaEntries;
import dev.keystead.keylime.push.LogCapabilities;
import dev.keystead.keylime.push.LogRequest;
import dev.keystead.keylime.push.QuoteCapabilities;
import dev.keystead.keylime.push.QuoteRequest;
import dev.keystead.keylime.push.UefiEvents;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.tpm.structure.PcrSelection;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;

/** From what an agent can show to what it is asked, and from what it shows to evidence. */
final class Question {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Question() {}

  /**
   * All that the policy needs, with a fresh challenge.
   *
   * @param sameBoot whether the machine says that it was not started anew; if it was, its list is
   *     asked for from the beginning
   * @throws EvidenceException when the agent cannot show what the policy needs
   */
  static EvidenceItems<QuoteRequest, LogRequest, LogRequest> of(
      PushNode node, EvidenceOffer offer, boolean sameBoot) {
    node.requireAccepted();
    EvidenceItems<QuoteCapabilities, LogCapabilities, LogCapabilities> can = offer.supported();
    Optional<LogRequest> ima = Optional.empty();
    if (node.needsIma()) {
      LogCapabilities list = needed(can.ima(), "ima_log", LogCapabilities.TEXT);
      boolean goesOn = sameBoot && list.partial() && list.entries() >= node.nextImaEntry();
      ima = Optional.of(LogRequest.from(goesOn ? node.nextImaEntry() : 0, LogCapabilities.TEXT));
    }
    Optional<LogRequest> uefi = Optional.empty();
    if (node.needsBootLog()) {
      LogCapabilities log = needed(can.uefi(), "uefi_log", LogCapabilities.BINARY);
      uefi = Optional.of(LogRequest.from(0, log.formats().getFirst()));
    }
    return new EvidenceItems<>(quote(node, can.quote()), uefi, ima);
  }

  private static QuoteRequest quote(PushNode node, QuoteCapabilities can) {
    AttestationKey ak = node.key();
    CertificationKey key =
        can.keys().stream()
            .filter(offered -> offered.area().name().equals(ak.name()))
            .findFirst()
            .orElseThrow(
                () -> refused("certification_keys", "the key that was enrolled is not among them"));
    String hash = ak.hash().label();
    String scheme = ak.scheme().label();
    if (!key.hashes().contains(hash) || !key.schemes().contains(scheme)) {
      throw refused("certification_keys", "the key does not sign with " + scheme + " and " + hash);
    }
    PcrMask wanted = wanted(node);
    if ((wanted.bits() & ~can.subjects().of(hash).bits()) != 0) {
      throw refused("available_subjects", "the bank " + hash + " lacks PCRs that are needed");
    }
    return new QuoteRequest(
        Challenge.generate(RANDOM), scheme, hash, can.subjects().choosing(hash, wanted), key);
  }

  /** A quote is of some PCR always. */
  private static PcrMask wanted(PushNode node) {
    return node.mask().bits() == 0 ? PcrMask.NONE.with(PcrMask.IMA_PCR) : node.mask();
  }

  private static LogCapabilities needed(Optional<LogCapabilities> log, String name, String format) {
    return log.filter(l -> l.formats().contains(format))
        .orElseThrow(() -> refused(name, "the policy needs it, and it is not offered"));
  }

  /** What came, beside what was asked. */
  static Evidence evidence(PushNode node, EvidenceRequest asked, CollectedEvidence came) {
    EvidenceItems<QuoteRequest, LogRequest, LogRequest> request = asked.requested();
    EvidenceItems<Quote, UefiEvents, ImaEntries> items = came.collected();
    return new Evidence(
        items.quote(),
        request.quote().challenge().bytes(),
        new Coverage.AtLeast(PcrSelection.ofMask(node.key().hash(), wanted(node).bits())),
        request.uefi().flatMap(_ -> items.uefi()).map(UefiEvents::log).filter(l -> l.length > 0),
        request.ima().flatMap(list -> items.ima().map(entries -> part(list.first(), entries))),
        Optional.empty());
  }

  private static Evidence.ImaPart part(long first, ImaEntries entries) {
    return new Evidence.ImaPart(first, entries.entries().getBytes(StandardCharsets.UTF_8));
  }

  private static EvidenceException refused(String where, String detail) {
    return new EvidenceException(Code.ALGORITHM_REFUSED, where, detail);
  }
}
