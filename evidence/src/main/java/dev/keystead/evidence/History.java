package dev.keystead.evidence;

import dev.keystead.evidence.ima.ImaState;
import dev.keystead.evidence.ima.Keyring;
import dev.keystead.evidence.json.Json;
import dev.keystead.tpm.structure.ClockInfo;
import dev.keystead.tpm.structure.Digest;
import java.util.Optional;

/**
 * What is remembered of a machine between appraisals. Its size is bounded and does not grow with
 * the machine's lists.
 *
 * @param revision the policy's, under which all this was judged
 * @param attestations how many appraisals in a row ended without a finding
 * @param clock of the last quote that verified
 * @param boot the boot that was judged good, if the machine still runs it
 * @param ima how far the measurement list was judged good in this boot
 * @param payloadKey the hash of the key that PCR 16 binds, in the bank that is judged
 */
public record History(
    String revision,
    long attestations,
    Optional<ClockInfo> clock,
    Optional<Boot> boot,
    Optional<Ima> ima,
    Optional<Digest> payloadKey) {

  /**
   * A boot that was judged.
   *
   * @param pcrs a SHA-256 digest of the boot PCRs' values that it was judged by
   * @param events how many events its log has; zero without a log
   */
  public record Boot(Digest pcrs, int events) {}

  /**
   * A list that was judged as far as a quote covered it.
   *
   * @param state entries and PCR 10
   * @param ahead how many further entries the machine showed with that quote
   * @param files how many of the entries are files
   * @param others how many of the entries are neither files nor boot_aggregate
   * @param learned keys that the policy accepted from the list
   */
  public record Ima(ImaState state, long ahead, long files, long others, Keyring learned) {}

  /** Of a machine that nothing is known of. */
  public static History start(String revision) {
    return new History(
        revision, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The entry from which the measurement list must be asked for: how many come before it. */
  public long nextImaEntry() {
    return ima.map(known -> known.state().entries()).orElse(0L);
  }

  /** Forgets what was judged good, so that the next appraisal judges all of it again. */
  History judgedAnew() {
    return new History(revision, 0, clock, Optional.empty(), Optional.empty(), payloadKey);
  }

  /** As a checkpoint to keep. */
  public Json.Obj toJson() {
    return HistoryJson.write(this);
  }

  /**
   * Reads a checkpoint.
   *
   * @throws dev.keystead.evidence.json.JsonException when it is not one
   */
  public static History fromJson(Json.Obj json) {
    return HistoryJson.read(json);
  }
}
