package dev.keystead.tenant;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.endorsement.EkCertificate;
import dev.keystead.evidence.endorsement.EndorsedCertificate;
import dev.keystead.evidence.endorsement.EndorsementVerifier;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.keylime.registration.AgentRecord;
import dev.keystead.keylime.registration.EkCert;
import dev.keystead.tpm.structure.TpmPublic;
import java.time.InstantSource;

/**
 * Judges an agent's endorsement key. That the attestation key lives in the same TPM was proved to
 * the registrar, by the credential that only this endorsement key can open.
 */
final class EndorsementCheck {
  private final InstantSource clock;

  EndorsementCheck(InstantSource clock) {
    this.clock = clock;
  }

  /** Requires it of an agent that proved its identity. */
  String require(Endorsement wanted, ProvenAgent agent) {
    return require(wanted, agent.record(), agent.ak());
  }

  /**
   * Requires what the owner asks.
   *
   * @return for people: by whom the key is endorsed
   * @throws EvidenceException with EK_UNTRUSTED, EK_MISMATCH, AK_UNFIT or MALFORMED
   */
  String require(Endorsement wanted, AgentRecord record, AttestationKey ak) {
    return switch (wanted) {
      case Endorsement.Unendorsed _ -> "not endorsed by any maker, as the owner accepts";
      case Endorsement.Makers(var store) -> endorsed(new EndorsementVerifier(store), record, ak);
      case Endorsement.Script script -> {
        String makers =
            script
                .makers()
                .map(store -> endorsed(new EndorsementVerifier(store), record, ak) + ", and ")
                .orElse("");
        new EkScript(script).require(record);
        yield makers + "accepted by " + script.program();
      }
    };
  }

  private String endorsed(EndorsementVerifier verifier, AgentRecord record, AttestationKey ak) {
    EkCert sent = record.ekCert().orElseThrow(() -> missing("certificate"));
    TpmPublic ek = record.ek().orElseThrow(() -> missing("public area"));
    EndorsedCertificate certificate =
        verifier.verify(EkCertificate.parse(sent.der()), sent.hints(), clock.instant());
    certificate.endorse(ek).requireOtherThan(ak);
    String tpm =
        certificate
            .certificate()
            .tpm()
            .map(t -> (t.isSoftware() ? "software TPM " : "TPM ") + t)
            .orElse("TPM of an unnamed model");
    return tpm
        + ", endorsed by "
        + certificate.path().getLast().getSubjectX500Principal().getName();
  }

  private static EvidenceException missing(String what) {
    return new EvidenceException(
        Code.EK_UNTRUSTED, "endorsement key", "the registrar has no " + what + " of it");
  }
}
