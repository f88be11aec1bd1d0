package dev.keystead.cli.folder;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.endorsement.EkCertificate;
import dev.keystead.evidence.endorsement.EndorsedCertificate;
import dev.keystead.evidence.endorsement.EndorsedKey;
import dev.keystead.evidence.endorsement.EndorsementStore;
import dev.keystead.evidence.endorsement.EndorsementVerifier;
import dev.keystead.evidence.endorsement.TpmIdentity;
import dev.keystead.evidence.quote.AttestationKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Checks the certificates of a folder's endorsement keys: all that are there have to be good. */
final class EndorsementCheck {
  private final EndorsementVerifier verifier;
  private final Instant now;
  private boolean softwareTpm;

  EndorsementCheck(EndorsementStore store, Instant now) {
    this.verifier = new EndorsementVerifier(store);
    this.now = now;
  }

  /** Whether a certificate said that the TPM is software. */
  boolean softwareTpm() {
    return softwareTpm;
  }

  List<Finding> findings(EvidenceFolder folder) {
    List<Finding> findings = new ArrayList<>();
    if (folder.endorsements().isEmpty()) {
      findings.add(
          new Finding(Code.EK_UNTRUSTED, "EK certificate", "there is none in the evidence"));
    }
    for (FolderEndorsement endorsement : folder.endorsements()) {
      try {
        check(endorsement, folder);
      } catch (EvidenceException e) {
        String where = "%s, ek_%s".formatted(e.finding().where(), endorsement.name());
        findings.add(new Finding(e.finding().code(), where, e.finding().detail()));
      }
    }
    return findings;
  }

  private void check(FolderEndorsement endorsement, EvidenceFolder folder) {
    EkCertificate certificate = EkCertificate.parse(endorsement.certificate());
    softwareTpm |= certificate.tpm().filter(TpmIdentity::isSoftware).isPresent();
    EndorsedCertificate endorsed = verifier.verify(certificate, List.of(), now);
    if (endorsement.area().isPresent()) {
      EndorsedKey key = endorsed.endorse(endorsement.area().get());
      for (FolderQuote quote : folder.quotes()) {
        if (quote.key() instanceof AttestationKey ak) {
          key.requireOtherThan(ak);
        }
      }
    }
  }
}
