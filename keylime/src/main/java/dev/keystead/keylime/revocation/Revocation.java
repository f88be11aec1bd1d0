package dev.keystead.keylime.revocation;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/**
 * The inner message of a revocation: one agent is not to be trusted any more (section 6).
 *
 * @param about the agent
 * @param contact where it was spoken to
 * @param tpmPolicy its PCR policy, JSON text
 * @param metadata what the owner said at enrolment, JSON text
 * @param eventTime as C's asctime writes it, without a zone; ours are UTC
 * @param event what was found; absent when the agent could not be reached
 * @param order Keystead's addition: when, to be fresh, and in which place, to be acted on once and
 *     in order; absent from Keylime's own verifier
 */
public record Revocation(
    Type type,
    AgentId about,
    Optional<ContactAddress> contact,
    String tpmPolicy,
    String metadata,
    String eventTime,
    Optional<KeylimeEvent> event,
    Optional<Order> order) {
  private static final Limits LIMITS = Limits.WIRE.withBytes(256 << 10);
  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Why. */
  public enum Type {
    /** Its evidence is not good. */
    REVOCATION,
    /** It cannot be reached any more. */
    COMM_ERROR;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Type parse(String label) {
      return switch (label) {
        case "revocation" -> REVOCATION;
        case "comm_error" -> COMM_ERROR;
        default -> throw WireException.malformed("type", "is neither revocation nor comm_error");
      };
    }
  }

  /**
   * The place of a revocation among those of one verifier.
   *
   * @param time when it was decided
   * @param sequence grows with each decision
   */
  public record Order(Instant time, long sequence) {}

  /** C's asctime in UTC. */
  public static String asctime(Instant time) {
    return ASCTIME.format(time);
  }

  /** Reads the text of {@code msg}. */
  public static Revocation parse(String msg) {
    return Message.read(Message.parseText(msg, LIMITS, "msg"), Revocation::read);
  }

  private static Revocation read(Fields fields) {
    return new Revocation(
        Type.parse(fields.text("type", 16)),
        AgentId.of(fields.text("agent_id", AgentId.MAX_LENGTH)),
        ContactAddress.read(fields, "ip", "port"),
        Message.nonEmpty(fields, "tpm_policy", 256 << 10).orElse(""),
        Message.nonEmpty(fields, "meta_data", 64 << 10).orElse(""),
        fields.text("event_time", 64),
        KeylimeEvent.read(fields),
        order(fields));
  }

  private static Optional<Order> order(Fields fields) {
    Optional<Instant> time = fields.optional("timestamp").map(f -> instant(f.text(40)));
    Optional<Long> sequence = fields.optional("sequence").map(f -> f.integer(0L, Long.MAX_VALUE));
    if (time.isPresent() != sequence.isPresent()) {
      throw WireException.malformed("timestamp", "and sequence go together");
    }
    return time.flatMap(t -> sequence.map(s -> new Order(t, s)));
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw WireException.malformed("timestamp", "is not a time such as 2026-11-22T03:00:13Z");
    }
  }

  /** The text of {@code msg}. */
  public String toText() {
    JsonObjectBuilder out =
        Json.object()
            .put("type", type.label())
            .put("ip", Message.orNull(contact.map(c -> Json.of(c.host()))))
            .put("agent_id", about.value())
            .put("port", Message.orNull(contact.map(c -> Json.of(c.port()))))
            .put("tpm_policy", tpmPolicy)
            .put("meta_data", metadata)
            .put("event_time", eventTime);
    event.ifPresent(e -> e.write(out));
    order.ifPresent(o -> out.put("timestamp", o.time().toString()).put("sequence", o.sequence()));
    return out.build().toString();
  }
}
