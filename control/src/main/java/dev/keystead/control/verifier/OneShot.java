package dev.keystead.control.verifier;

import dev.keystead.evidence.Appraised;
import dev.keystead.evidence.Appraiser;
import dev.keystead.evidence.Evidence;
import dev.keystead.evidence.Evidence.ImaPart;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.History;
import dev.keystead.evidence.Policy;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.keylime.verifier.EvidenceToVerify;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Judges evidence once, for third parties: by the same appraisal as the nodes under watch, without
 * a history before it.
 */
final class OneShot {
  private OneShot() {}

  /**
   * What is wrong with a third party's evidence; nothing when it is good.
   *
   * @throws EvidenceException with AK_UNFIT, or POLICY_UNUSABLE when there is nothing to judge by
   */
  static List<Finding> judge(EvidenceToVerify sent, Instant now) {
    AttestationKey ak = AttestationKey.of(sent.ak());
    Policy policy = Criteria.of(ak, AcceptLists.DEFAULT, sent.policies(), false);
    if (java.util.Arrays.equals(sent.ek().toSizedBytes(), sent.ak().toSizedBytes())) {
      return List.of(new Finding(Code.EK_MISMATCH, "tpm_ek", "it is the AK as well"));
    }
    if (sent.hash() != ak.hash()) {
      return List.of(otherHash(sent.hash(), ak.hash()));
    }
    PcrMask mask = new PcrMask(policy.requiredPcrs());
    return appraise(
        new Evidence(
            sent.quote(),
            sent.nonce(),
            new Coverage.AtLeast(PcrSelection.ofMask(ak.hash(), mask.bits())),
            sent.bootLog(),
            sent.imaList().map(text -> new ImaPart(0, text.getBytes(StandardCharsets.UTF_8))),
            Optional.empty()),
        policy,
        now);
  }

  /**
   * What is wrong with a quote that is to be by the machine of a node: made with its attestation
   * key, and bound to the payload key of its last good quote.
   *
   * @param payloadKey the PEM of that key
   */
  static List<Finding> identity(
      Enrolment enrolment,
      String payloadKey,
      Quote quote,
      byte[] nonce,
      HashAlg hash,
      Instant now) {
    AttestationKey ak = enrolment.ak();
    if (hash != ak.hash()) {
      return List.of(otherHash(hash, ak.hash()));
    }
    Policy all = enrolment.policy();
    Policy policy =
        new Policy(
            all.revision(),
            all.quotes(),
            all.bank(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            true,
            all.softwareTpm());
    return appraise(
        new Evidence(
            quote,
            nonce,
            new Coverage.AtLeast(PcrSelection.ofMask(ak.hash(), policy.requiredPcrs())),
            Optional.empty(),
            Optional.empty(),
            Optional.of(payloadKey.getBytes(StandardCharsets.UTF_8))),
        policy,
        now);
  }

  private static List<Finding> appraise(Evidence evidence, Policy policy, Instant now) {
    try {
      return switch (Appraiser.appraise(History.start(policy.revision()), evidence, policy, now)) {
        case Appraised.Judged(_, var appraisal) -> appraisal.findings();
        case Appraised.AskAgain(_, String reason) ->
            List.of(new Finding(Code.IMA_LIST_CHANGED, "measurement list", reason));
      };
    } catch (EvidenceException e) {
      return List.of(e.finding());
    }
  }

  private static Finding otherHash(HashAlg said, HashAlg real) {
    return new Finding(
        Code.ALGORITHM_REFUSED,
        "hash_alg",
        "it says %s, the key is of %s".formatted(said.label(), real.label()));
  }
}
