package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An attestation whose evidence has come: the 202 reply to PATCH, and what is told of it later.
 *
 * @param request what was asked, with the paths
 * @param offered what the agent had said that it can show
 * @param evidence what came; parts that were not asked for are left out
 * @param received when it came
 * @param verdict empty while it is judged
 */
public record AttestationReport(
    EvidenceRequest request,
    EvidenceItems<QuoteCapabilities, LogCapabilities, LogCapabilities> offered,
    CollectedEvidence evidence,
    Instant received,
    Optional<Verdict> verdict) {

  /** What came of it. */
  public sealed interface Verdict {
    /** The evidence is good. */
    record Pass() implements Verdict {}

    /**
     * The evidence is bad.
     *
     * @param brokenChain whether it proves nothing at all, as opposed to a state that the policy
     *     does not allow
     */
    record Fail(boolean brokenChain) implements Verdict {}

    /** It could not be judged, and the agent is to come again. */
    record Pending() implements Verdict {}
  }

  /** Reads a document about one attestation. */
  public static AttestationReport parse(Json json) {
    return JsonApi.read(
        json,
        EvidenceOffer.TYPE,
        (data, attributes) -> read(data, attributes, EvidenceRequest.link(json)));
  }

  /** How long the agent is to wait after this 202 reply, in seconds. */
  public static long secondsToNext(Json json) {
    return Message.read(
        json, fields -> fields.object("meta").integer("seconds_to_next_attestation", 0L, 1L << 31));
  }

  private static AttestationReport read(Fields data, Fields attributes, String document) {
    return new AttestationReport(
        new EvidenceRequest(
            data.object("links").text("self", 512),
            document,
            EvidenceRequest.parameters(attributes, "evidence"),
            EvidenceOffer.bootTime(attributes),
            ApiTime.read(attributes.field("capabilities_received_at")),
            ApiTime.read(attributes.field("challenges_expire_at"))),
        EvidenceOffer.capabilities(attributes, "evidence"),
        new CollectedEvidence(CollectedEvidence.data(attributes, "evidence")),
        ApiTime.read(attributes.field("evidence_received_at")),
        verdict(attributes));
  }

  private static Optional<Verdict> verdict(Fields attributes) {
    Optional<String> reason = attributes.optional("failure_reason").map(f -> f.text(32));
    return switch (Stage.parse(attributes.text("stage", 32))) {
      case AWAITING_EVIDENCE -> throw WireException.malformed("stage", "has no evidence yet");
      case EVALUATING_EVIDENCE -> Optional.empty();
      case VERIFICATION_COMPLETE ->
          Optional.of(
              switch (attributes.text("evaluation", 16)) {
                case "pass" -> new Verdict.Pass();
                case "fail" ->
                    new Verdict.Fail(reason.filter("broken_evidence_chain"::equals).isPresent());
                case "pending" -> new Verdict.Pending();
                default -> throw WireException.malformed("evaluation", "is none");
              });
    };
  }

  /** The same without long logs, to be kept. */
  public AttestationReport brief() {
    EvidenceItems<Quote, UefiEvents, ImaEntries> all = evidence.collected();
    return new AttestationReport(
        request,
        offered,
        new CollectedEvidence(
            new EvidenceItems<>(
                all.quote(), all.uefi().map(UefiEvents::brief), all.ima().map(ImaEntries::brief))),
        received,
        verdict);
  }

  /** The same with its verdict. */
  public AttestationReport judged(Verdict what) {
    return new AttestationReport(request, offered, evidence, received, Optional.of(what));
  }

  /** The reply to PATCH. */
  public Json.Obj toJson(long secondsToNext) {
    return EvidenceRequest.document(attributes(), request.self(), request.self())
        .put("meta", Json.object().put("seconds_to_next_attestation", secondsToNext))
        .build();
  }

  /** The reply to GET at a path. */
  public Json.Obj toJson(String path) {
    return EvidenceRequest.document(attributes(), request.self(), path).build();
  }

  private JsonObjectBuilder attributes() {
    JsonObjectBuilder attributes =
        Json.object()
            .put(
                "stage",
                (verdict.isPresent() ? Stage.VERIFICATION_COMPLETE : Stage.EVALUATING_EVIDENCE)
                    .text());
    verdict.ifPresent(v -> write(attributes, v));
    Map<String, EvidenceItems<Json, Json, Json>> parts = new LinkedHashMap<>();
    parts.put(
        "capabilities",
        offered.map(
            quote -> quote.write().putNull("evidence_version"),
            LogCapabilities::write,
            LogCapabilities::write));
    parts.put("data", explained());
    parts.put("chosen_parameters", request.written());
    attributes.put("evidence", EvidenceItems.write(parts));
    request.writeTimes(attributes);
    return attributes.put("evidence_received_at", ApiTime.micros(received));
  }

  private EvidenceItems<Json, Json, Json> explained() {
    return evidence.collected().map(QuoteData::explained, UefiEvents::write, ImaEntries::writeTold);
  }

  private static void write(JsonObjectBuilder attributes, Verdict verdict) {
    switch (verdict) {
      case Verdict.Pass _ -> attributes.put("evaluation", "pass");
      case Verdict.Pending _ -> attributes.put("evaluation", "pending");
      case Verdict.Fail(boolean brokenChain) ->
          attributes
              .put("evaluation", "fail")
              .put("failure_reason", brokenChain ? "broken_evidence_chain" : "policy_violation");
    }
  }
}
