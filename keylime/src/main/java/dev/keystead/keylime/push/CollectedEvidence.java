package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.quote.Quote;
import java.util.Map;

/** The body of PATCH /agents/{id}/attestations/{index}: what an agent shows. */
public record CollectedEvidence(EvidenceItems<Quote, UefiEvents, ImaEntries> collected) {
  /** What a body may be: it carries measurement lists. */
  public static final Limits LIMITS = Limits.EVIDENCE.withBytes(64 << 20);

  /** Reads the body. */
  public static CollectedEvidence parse(Json json) {
    return JsonApi.read(
        json,
        EvidenceOffer.TYPE,
        (_, attributes) -> new CollectedEvidence(data(attributes, "evidence_collected")));
  }

  static EvidenceItems<Quote, UefiEvents, ImaEntries> data(Fields attributes, String list) {
    return EvidenceItems.read(
        attributes, list, "data", QuoteData::read, UefiEvents::read, ImaEntries::read);
  }

  /** The body on the wire. */
  public Json.Obj toJson() {
    return JsonApi.document(
        JsonApi.resource(
            EvidenceOffer.TYPE,
            Json.object()
                .put(
                    "evidence_collected",
                    EvidenceItems.write(
                        Map.of(
                            "data",
                            collected.map(
                                QuoteData::write, UefiEvents::write, ImaEntries::write))))));
  }
}
