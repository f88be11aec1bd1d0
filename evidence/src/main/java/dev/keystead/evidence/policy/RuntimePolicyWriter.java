package dev.keystead.evidence.policy;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.json.Json;
import dev.keystead.tpm.structure.HashAlg;
import java.time.Instant;

/** Makes a runtime policy from the list of a machine that is known to be good. */
public final class RuntimePolicyWriter {
  private RuntimePolicyWriter() {}

  /**
   * A policy that allows what the list holds: every file with every digest measured, boot_aggregate
   * among them, keys and other data. Violations allow nothing.
   *
   * @param templateHash the algorithm of the list's template hashes
   * @throws EvidenceException when the list cannot be read or an entry does not fit its hash
   */
  public static Json.Obj fromList(byte[] list, HashAlg templateHash, Instant now) {
    PolicyDraft draft = new PolicyDraft();
    draft.templateHash(templateHash);
    new MeasuredList(list, templateHash).addTo(draft, MeasuredList.Part.ALL);
    return draft.toJson(now);
  }
}
