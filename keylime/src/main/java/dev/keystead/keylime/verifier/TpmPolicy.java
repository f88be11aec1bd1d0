package dev.keystead.keylime.verifier;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.quote.PcrMask;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which PCRs are quoted and what some of them must be (section 8). On the wire it is JSON text
 * inside a field.
 *
 * @param mask what is asked for
 * @param values the digests that a PCR may hold, in lower-case hex; each such PCR is in the mask
 */
public record TpmPolicy(PcrMask mask, SortedMap<Integer, List<String>> values) {
  /** Nothing is asked for but what is always quoted. */
  public static final TpmPolicy NONE = new TpmPolicy(PcrMask.NONE, new TreeMap<>());

  private static final Limits LIMITS = Limits.WIRE.withBytes(256 << 10);
  private static final int MAX_VALUES = 256;
  private static final Pattern PCR = Pattern.compile("[0-9]|1[0-9]|2[0-3]");
  private static final Pattern DIGEST =
      Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}");

  /** Takes a copy; refuses PCRs outside the mask, empty lists and what is no digest. */
  public TpmPolicy {
    SortedMap<Integer, List<String>> copy = new TreeMap<>();
    for (var entry : values.entrySet()) {
      int pcr = entry.getKey();
      if (pcr < 0 || pcr > 23 || !mask.contains(pcr)) {
        throw WireException.malformed("tpm_policy", "PCR " + pcr + " is not in its mask");
      }
      if (pcr == PcrMask.IMA_PCR || pcr == PayloadKey.PCR) {
        throw WireException.malformed(
            "tpm_policy", "PCR " + pcr + " has a use of its own and no fixed value");
      }
      if (entry.getValue().isEmpty()) {
        throw WireException.malformed("tpm_policy", "PCR " + pcr + " may have no value at all");
      }
      entry.getValue().forEach(TpmPolicy::requireDigest);
      copy.put(pcr, List.copyOf(entry.getValue()));
    }
    values = java.util.Collections.unmodifiableSortedMap(copy);
  }

  private static void requireDigest(String hex) {
    if (!DIGEST.matcher(hex).matches()) {
      throw WireException.malformed("tpm_policy", "a value is not a digest in hex");
    }
  }

  /** Reads the JSON text of an enrolment: a mask, and lists of digests by PCR. */
  public static TpmPolicy parse(String json) {
    return Message.read(
        Message.parseText(json, LIMITS, "tpm_policy"),
        fields ->
            new TpmPolicy(
                PcrMask.parse(fields.optionalText("mask").orElse("0x0")), values(fields)));
  }

  /**
   * The policy that an owner's text asks for, with the PCRs that the other policies need.
   *
   * @param json digests by PCR, each a text or a list; a mask of its own is added to
   * @param files whether files are judged: PCR 10 is asked for
   * @param boot whether the boot is judged: its PCRs are asked for, and may not be fixed here
   */
  public static TpmPolicy ofOwner(String json, boolean files, boolean boot) {
    TpmPolicy given =
        Message.read(
            Message.parseText(json, LIMITS, "tpm_policy"),
            fields -> {
              SortedMap<Integer, List<String>> values = values(fields);
              PcrMask mask = PcrMask.parse(fields.optionalText("mask").orElse("0x0"));
              for (int pcr : values.keySet()) {
                mask = mask.with(pcr);
              }
              return new TpmPolicy(mask, values);
            });
    PcrMask mask = files ? given.mask.with(PcrMask.IMA_PCR) : given.mask;
    if (boot) {
      for (int pcr : given.values.keySet()) {
        if (PcrMask.BOOT.contains(pcr)) {
          throw WireException.malformed(
              "tpm_policy", "PCR " + pcr + " is judged by the measured-boot policy already");
        }
      }
      mask = mask.with(PcrMask.BOOT);
    }
    return new TpmPolicy(mask, given.values);
  }

  private static SortedMap<Integer, List<String>> values(Fields fields) {
    SortedMap<Integer, List<String>> values = new TreeMap<>();
    for (String name : fields.names()) {
      if (name.equals("mask")) {
        continue;
      }
      if (!PCR.matcher(name).matches()) {
        throw WireException.malformed("tpm_policy", "has a member that is neither mask nor PCR");
      }
      values.put(Integer.parseInt(name), digests(fields.field(name)));
    }
    return values;
  }

  private static List<String> digests(Field field) {
    List<Field> items = field.value() instanceof Json.Str ? List.of(field) : field.list(MAX_VALUES);
    return items.stream().map(f -> f.text(128).toLowerCase(Locale.ROOT)).toList();
  }

  /** The JSON text on the wire. */
  public String toText() {
    JsonObjectBuilder out = Json.object();
    values.forEach((pcr, digests) -> out.put(Integer.toString(pcr), Json.strings(digests)));
    return out.put("mask", mask.toString()).build().toString();
  }
}
