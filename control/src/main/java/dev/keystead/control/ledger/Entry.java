package dev.keystead.control.ledger;

import dev.keystead.evidence.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One decision.
 *
 * @param seq 1 for the first, without gaps
 * @param time when it was written, in milliseconds since 1970
 * @param kind what was decided
 * @param subject the agent it is about; empty when it is about none
 * @param body the rest as one compact JSON object
 * @param previous the hash of the entry before, 32 zero bytes for the first
 */
public record Entry(
    long seq, long time, EntryKind kind, String subject, String body, byte[] previous) {

  /** SHA-256 over {@code previous} and {@link #canonical()}: 32 bytes. */
  public byte[] hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(previous);
      return digest.digest(canonical());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /**
   * The bytes that are hashed: the JSON object {@code
   * {"body":"..","kind":"..","seq":1,"subject":"..","time":1}} in UTF-8 without white space. The
   * body is hashed as text, so that nobody need agree on a form of JSON to check the chain.
   */
  public byte[] canonical() {
    return Json.object()
        .put("body", body)
        .put("kind", kind.label())
        .put("seq", seq)
        .put("subject", subject)
        .put("time", time)
        .build()
        .toBytes();
  }

  /** The entry as JSON, with its hashes in hex. */
  public Json.Obj toJson() {
    return Json.object()
        .put("seq", seq)
        .put("time", time)
        .put("kind", kind.label())
        .put("subject", subject)
        .put("body", Json.parse(body.getBytes(StandardCharsets.UTF_8), Ledger.BODY))
        .put("previous", HexFormat.of().formatHex(previous))
        .put("hash", HexFormat.of().formatHex(hash()))
        .build();
  }

  boolean follows(Head head) {
    return seq == head.seq() + 1 && Arrays.equals(previous, head.hash());
  }
}
