package dev.keystead.keylime.verifier;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.keylime.revocation.Severity;
import java.util.Optional;

/**
 * What a verifier tells of an agent (section 7). Share V is never part of it, though Keylime's own
 * verifier sends it; it is passed over when read.
 *
 * @param hashAlg what the last good quote used; empty before
 * @param encAlg likewise
 * @param signAlg likewise
 * @param lastEvent the event that made it untrusted, and how severe it is
 * @param attestations how many were good
 * @param lastReceivedQuote Unix seconds, 0 for never
 * @param lastSuccessfulAttestation Unix seconds, 0 for never
 * @param attestationPeriod such as {@code 2s}
 * @param maximumAttestationInterval such as {@code 10s}
 */
public record VerifierAgentStatus(
    OperationalState state,
    Optional<ContactAddress> contact,
    TpmPolicy tpmPolicy,
    String metadata,
    boolean hasBootPolicy,
    boolean hasRuntimePolicy,
    AcceptLists accept,
    String hashAlg,
    String encAlg,
    String signAlg,
    String verifierId,
    Optional<ContactAddress> verifier,
    Optional<LastEvent> lastEvent,
    long attestations,
    long lastReceivedQuote,
    long lastSuccessfulAttestation,
    AttestationStatus attestationStatus,
    String attestationPeriod,
    String maximumAttestationInterval) {

  /** An event by its Keylime id. */
  public record LastEvent(String id, Severity severity) {}

  /** Reads the results. */
  public static VerifierAgentStatus parse(Json json) {
    return Message.read(json, VerifierAgentStatus::read);
  }

  private static VerifierAgentStatus read(Fields fields) {
    return new VerifierAgentStatus(
        OperationalState.of(fields.integer("operational_state", 0, 99)),
        ContactAddress.read(fields, "ip", "port"),
        Message.nonEmpty(fields, "tpm_policy", 256 << 10)
            .map(TpmPolicy::parse)
            .orElse(TpmPolicy.NONE),
        Message.nonEmpty(fields, "meta_data", 64 << 10).orElse("{}"),
        fields.integer("has_mb_refstate", 0, 1) == 1,
        fields.integer("has_runtime_policy", 0, 1) == 1,
        AcceptLists.read(fields),
        Message.nonEmpty(fields, "hash_alg", 16).orElse(""),
        Message.nonEmpty(fields, "enc_alg", 16).orElse(""),
        Message.nonEmpty(fields, "sign_alg", 16).orElse(""),
        fields.text("verifier_id", 80),
        ContactAddress.read(fields, "verifier_ip", "verifier_port"),
        lastEvent(fields),
        fields.integer("attestation_count", 0, Long.MAX_VALUE),
        time(fields, "last_received_quote"),
        time(fields, "last_successful_attestation"),
        AttestationStatus.parse(fields.text("attestation_status", 16)),
        Message.nonEmpty(fields, "attestation_period", 16).orElse(""),
        Message.nonEmpty(fields, "maximum_attestation_interval", 16).orElse(""));
  }

  private static Optional<LastEvent> lastEvent(Fields fields) {
    int severity = fields.optionalInteger("severity_level", 0, 6).orElse(0);
    return Message.nonEmpty(fields, "last_event_id", 200)
        .map(id -> new LastEvent(id, Severity.of(severity)));
  }

  private static long time(Fields fields, String name) {
    return fields.optionalInteger(name, 0, Long.MAX_VALUE).orElse(0);
  }

  /** The results on the wire. */
  public Json.Obj toJson() {
    JsonObjectBuilder out = Json.object().put("operational_state", state.number());
    put(out, contact, "ip", "port");
    out.put("tpm_policy", tpmPolicy.toText())
        .put("meta_data", metadata)
        .put("has_mb_refstate", hasBootPolicy ? 1 : 0)
        .put("has_runtime_policy", hasRuntimePolicy ? 1 : 0);
    accept.write(out);
    out.put("hash_alg", hashAlg)
        .put("enc_alg", encAlg)
        .put("sign_alg", signAlg)
        .put("verifier_id", verifierId);
    put(out, verifier, "verifier_ip", "verifier_port");
    return out.put(
            "severity_level", Message.orNull(lastEvent.map(e -> Json.of(e.severity().level()))))
        .put("last_event_id", Message.orNull(lastEvent.map(e -> Json.of(e.id()))))
        .put("attestation_count", attestations)
        .put("last_received_quote", lastReceivedQuote)
        .put("last_successful_attestation", lastSuccessfulAttestation)
        .put("attestation_status", attestationStatus.name())
        .put("attestation_period", attestationPeriod)
        .put("maximum_attestation_interval", maximumAttestationInterval)
        .build();
  }

  private static void put(
      JsonObjectBuilder out, Optional<ContactAddress> address, String ip, String port) {
    out.put(ip, Message.orNull(address.map(a -> Json.of(a.host()))))
        .put(port, Message.orNull(address.map(a -> Json.of(a.port()))));
  }
}
