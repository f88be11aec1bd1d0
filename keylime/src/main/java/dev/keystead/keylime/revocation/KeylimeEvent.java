package dev.keystead.keylime.revocation;

import dev.keystead.evidence.Finding;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An event in Keylime's words (section 7.3).
 *
 * @param id such as {@code ima.validation.ima-ng.not_in_allowlist}
 * @param context JSON object text for people
 */
public record KeylimeEvent(String id, Severity severity, String context) {
  /** The agent was not reached within its retries. */
  public static final String NOT_REACHABLE = "internal.verifier.not_reachable";

  /** The agent was not reached with share V. */
  public static final String NOT_REACHABLE_V = "internal.verifier.not_reachable_v";

  /** The agent answered, but not with a quote. */
  public static final String NO_QUOTE = "internal.verifier.no_quote";

  /** The agent did not take share V. */
  public static final String NO_V = "internal.verifier.no_v";

  /** The agent does not speak a version of ours any more. */
  public static final String VERSION_NOT_SUPPORTED = "internal.verifier.version_not_supported";

  /** The agent's reply is not a quote reply in form: Keylime's own spelling. */
  public static final String INVALID_DATA = "qoute_validation.invalid_data";

  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]+(?:\\.[a-zA-Z0-9_-]+)+");
  private static final Pattern PCR = Pattern.compile("PCR (\\d{1,2})\\b");
  private static final int MAX_CONTEXT = 64 << 10;

  /** Checks the id and that the context is an object. */
  public KeylimeEvent {
    if (id.length() > 200 || !ID.matcher(id).matches()) {
      throw WireException.malformed("event_id", "is not of the form component.event");
    }
    Message.parseText(context, Limits.WIRE.withBytes(MAX_CONTEXT), "context");
  }

  /** An event with a text for people. */
  public static KeylimeEvent of(String id, String message) {
    return new KeylimeEvent(
        id, Severity.EMERGENCY, Json.object().put("message", message).build().toString());
  }

  /** The same event, as severe as the owner calls it. */
  public KeylimeEvent as(Severity severity) {
    return new KeylimeEvent(id, severity, context);
  }

  /**
   * Whether the agent is worth asking again: what was found may be put right by its owner, and the
   * quote itself was the agent's.
   */
  public boolean recoverable() {
    return (id.startsWith("ima.")
            || id.startsWith("measured_boot.")
            || id.startsWith("launch.")
            || id.startsWith("pcr_validation."))
        && !id.endsWith("_pcr_16");
  }

  /** The event that Keylime's verifier has for a finding, as severe as any. */
  public static KeylimeEvent of(Finding finding) {
    return of(id(finding), finding.where() + ": " + finding.detail());
  }

  private static String id(Finding finding) {
    return switch (finding.code()) {
      case MALFORMED -> INVALID_DATA;
      case AK_UNFIT, SIGNATURE_INVALID, NOT_A_QUOTE, NONCE_MISMATCH, CLOCK_REFUSED ->
          "qoute_validation.quote_validation";
      case SELECTION_MISMATCH, PCR_DIGEST_MISMATCH -> "qoute_validation.quote_validation";
      case ALGORITHM_REFUSED -> algorithm(finding.where());
      case PCR_MISSING -> missingPcr(finding.where());
      case PCR_REFUSED -> pcr(finding, "pcr_validation", "pcr_validation.invalid_pcr");
      case KEY_NOT_BOUND -> "pcr_validation.invalid_pcr_16";
      case BOOT_LOG_MISMATCH -> pcr(finding, "measured_boot", "measured_boot.invalid_pcr");
      case BOOT_EVENT_MISMATCH -> "measured_boot.parser.event_digest";
      case BOOT_DIFFERS -> "measured_boot.policy_reference_values";
      case BOOT_LOG_MISSING -> "measured_boot.missing_log";
      case IMA_LIST_MISMATCH -> "ima.pcr_mismatch";
      case IMA_LIST_CHANGED -> "ima.quote_progress";
      case IMA_LIST_MISSING, IMA_COVERS_NOTHING -> "ima.missing_list";
      case IMA_ENTRY_MISMATCH -> "ima.validation.ima_hash";
      case IMA_TEMPLATE_UNKNOWN -> "ima.parser.entry";
      case IMA_VIOLATION -> "ima.validation.tomtou";
      case FILE_NOT_IN_POLICY -> "ima.validation.ima-ng.not_in_allowlist";
      case FILE_DIGEST_REFUSED, BOOT_AGGREGATE_MISMATCH ->
          "ima.validation.ima-ng.runtime_policy_hash";
      case FILE_SIGNATURE_INVALID -> "ima.validator.ima-sig.invalid_signature";
      case BUFFER_REFUSED -> "ima.validation.ima-buf.not_in_allowlist";
      case LAUNCH_LOG_MISMATCH -> "launch.pcr_mismatch";
      case LAUNCH_LOG_MISSING -> "launch.missing_log";
      case PROGRAM_NOT_IN_POLICY -> "launch.not_in_policy";
      case EK_UNTRUSTED, EK_MISMATCH -> "default.ek_untrusted";
      case POLICY_UNUSABLE -> "internal.verifier.exception";
    };
  }

  private static String algorithm(String where) {
    return switch (where) {
      case "hash_alg", "enc_alg", "sign_alg" -> "qoute_validation.invalid_" + where;
      default -> "qoute_validation.quote_validation";
    };
  }

  private static String missingPcr(String where) {
    return where.contains("PCR 16")
        ? "pcr_validation.missing_pcr_16"
        : "pcr_validation.missing_pcrs";
  }

  private static String pcr(Finding finding, String component, String otherwise) {
    Matcher pcr = PCR.matcher(finding.where());
    return pcr.find() ? component + ".invalid_pcr_" + pcr.group(1) : otherwise;
  }

  static Optional<KeylimeEvent> read(Fields fields) {
    return Message.nonEmpty(fields, "event_id", 200)
        .map(id ->
            new KeylimeEvent(
                id,
                Severity.parse(fields.text("severity_label", 32)),
                fields.text("context", MAX_CONTEXT)));
  }

  void write(JsonObjectBuilder out) {
    out.put("event_id", id).put("severity_label", severity.label()).put("context", context);
  }
}
