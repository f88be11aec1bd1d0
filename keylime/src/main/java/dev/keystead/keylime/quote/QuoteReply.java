package dev.keystead.keylime.quote;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.launch.LaunchLog;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.tpm.structure.HashAlg;
import java.util.Optional;

/**
 * An agent's evidence (section 4), read but not verified.
 *
 * @param algorithms what the agent says that its TPM uses; the quote itself must agree
 * @param payloadKey NK; absent when the query was partial
 * @param ima the IMA list, when the agent has one
 * @param bootLog the firmware's event log, when the agent has one and PCR 0 was asked for
 * @param bootTime Unix seconds; only old agents say it
 * @param launchLog the log of the programs that a host on the machine has started; Keystead's own
 */
public record QuoteReply(
    Quote quote,
    QuoteAlgorithms algorithms,
    Optional<PayloadKey> payloadKey,
    Optional<ImaList> ima,
    Optional<byte[]> bootLog,
    Optional<Long> bootTime,
    Optional<byte[]> launchLog) {
  private static final int MAX_QUOTE = 64 * 1024;
  private static final int MAX_IMA = 128 << 20;
  private static final int MAX_BOOT_LOG = 4 << 20;

  /** A reply without a launch log. */
  public QuoteReply(
      Quote quote,
      QuoteAlgorithms algorithms,
      Optional<PayloadKey> payloadKey,
      Optional<ImaList> ima,
      Optional<byte[]> bootLog,
      Optional<Long> bootTime) {
    this(quote, algorithms, payloadKey, ima, bootLog, bootTime, Optional.empty());
  }

  /**
   * A part of an IMA list.
   *
   * @param entries lines of ascii_runtime_measurements; empty when there is nothing new
   * @param firstEntry the number of the first of them: the one asked for, or 0
   */
  public record ImaList(String entries, int firstEntry) {}

  /** Reads the results; parse the body with {@code Limits.EVIDENCE}. */
  public static QuoteReply parse(Json json) {
    return Message.read(json, QuoteReply::read);
  }

  private static QuoteReply read(Fields fields) {
    return new QuoteReply(
        QuoteString.parse(fields.text("quote", MAX_QUOTE)),
        QuoteAlgorithms.read(fields),
        fields.optional("pubkey").map(f -> PayloadKey.parse(f.text(PayloadKey.MAX_PEM))),
        ima(fields),
        fields.optionalBytes64("mb_measurement_list", MAX_BOOT_LOG),
        fields.optional("boottime").map(f -> f.integer(0L, Long.MAX_VALUE)),
        fields.optionalBytes64("launch_log", LaunchLog.MAX_SIZE));
  }

  private static Optional<ImaList> ima(Fields fields) {
    Optional<String> entries = fields.optional("ima_measurement_list").map(f -> f.text(MAX_IMA));
    Optional<Integer> first =
        fields.optional("ima_measurement_list_entry").map(f -> f.integer(0, Integer.MAX_VALUE));
    if (entries.isPresent() != first.isPresent()) {
      throw WireException.malformed(
          "ima_measurement_list", "and ima_measurement_list_entry go together");
    }
    return entries.flatMap(e -> first.map(f -> new ImaList(e, f)));
  }

  /** The bank that the PCR values are of, and the hash of the signature, as the agent says. */
  public HashAlg hash() {
    return algorithms.hash();
  }

  /** The results on the wire. */
  public Json.Obj toJson() {
    JsonObjectBuilder out = Json.object().put("quote", QuoteString.encode(quote));
    algorithms.write(out);
    payloadKey.ifPresent(key -> out.put("pubkey", key.pem()));
    bootTime.ifPresent(time -> out.put("boottime", time));
    ima.ifPresent(list -> out.put("ima_measurement_list", list.entries()));
    bootLog.ifPresent(log -> out.putBytes64("mb_measurement_list", log));
    ima.ifPresent(list -> out.put("ima_measurement_list_entry", list.firstEntry()));
    launchLog.ifPresent(log -> out.putBytes64("launch_log", log));
    return out.build();
  }
}
