package dev.keystead.keylime.quote;

import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import dev.keystead.tpm.structure.HashAlg;

/** The reply to GET /agent/info (since 2.2). */
public record AgentInfo(AgentId agentId, QuoteAlgorithms algorithms, int akHandle) {
  /** Reads the results. */
  public static AgentInfo parse(Json json) {
    return Message.read(
        json,
        fields ->
            new AgentInfo(
                AgentId.of(fields.text("agent_uuid", AgentId.MAX_LENGTH)),
                new QuoteAlgorithms(
                    HashAlg.named(fields.text("tpm_hash_alg", 16))
                        .orElseThrow(
                            () -> WireException.malformed("tpm_hash_alg", "is none of Keylime's")),
                    fields.text("tpm_enc_alg", 16),
                    fields.text("tpm_sign_alg", 16)),
                (int) fields.integer("ak_handle", 0L, 0xffffffffL)));
  }

  /** The results on the wire. */
  public Json.Obj toJson() {
    return Json.object()
        .put("agent_uuid", agentId.value())
        .put("tpm_hash_alg", algorithms.hash().label())
        .put("tpm_enc_alg", algorithms.encryption())
        .put("tpm_sign_alg", algorithms.signing())
        .put("ak_handle", Integer.toUnsignedLong(akHandle))
        .build();
  }
}
