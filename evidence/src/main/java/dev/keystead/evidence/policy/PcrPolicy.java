package dev.keystead.evidence.policy;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Keylime's {@code tpm_policy}: the PCRs that a quote must cover, and the values that some of them
 * may have.
 *
 * @param mask bit i is PCR i, for 0 to 23; PCRs with values are always in it
 * @param allowed for a PCR the values of which it must have one
 */
public record PcrPolicy(int mask, SortedMap<Integer, List<byte[]>> allowed) {
  /** The PCR that binds the payload key; no policy gives it a value. */
  public static final int PAYLOAD_PCR = 16;

  private static final int PCRS = 24;
  private static final int MOST_VALUES = 1_000;
  private static final int LARGEST_DIGEST = 64;

  /** Adds the PCRs with values to the mask; refuses PCRs that do not exist, and PCR 16. */
  public PcrPolicy {
    allowed = new TreeMap<>(allowed);
    for (int pcr : allowed.keySet()) {
      if (pcr < 0 || pcr >= PCRS || pcr == PAYLOAD_PCR) {
        throw unusable("PCR %d cannot be given a value".formatted(pcr));
      }
      mask |= 1 << pcr;
    }
    if (mask >>> PCRS != 0) {
      throw unusable("mask: there are no PCRs beyond 23");
    }
  }

  /**
   * Parses the JSON text: {@code {"mask": "0x408000", "15": ["0000..."], "22": [...]}}. Values are
   * hex of either case; one value may stand without its list.
   *
   * @throws EvidenceException with POLICY_UNUSABLE
   */
  public static PcrPolicy parse(String json) {
    try {
      Fields fields = new Field("", Json.parse(json, Limits.WIRE)).fields();
      int mask = 0;
      SortedMap<Integer, List<byte[]>> allowed = new TreeMap<>();
      for (String name : fields.names()) {
        if (name.equals("mask")) {
          mask = mask(fields.field(name));
        } else {
          allowed.put(pcr(fields.field(name), name), values(fields.field(name)));
        }
      }
      return new PcrPolicy(mask, allowed);
    } catch (JsonException e) {
      throw unusable(String.valueOf(e.getMessage()));
    }
  }

  private static int mask(Field field) {
    if (field.value() instanceof Json.Num) {
      return field.integer(0, (1 << PCRS) - 1);
    }
    String text = field.text(10);
    if (text.matches("0[xX][0-9a-fA-F]{1,6}")) {
      return Integer.parseInt(text, 2, text.length(), 16);
    }
    if (text.matches("0|[1-9][0-9]{0,7}") && Integer.parseInt(text) >>> PCRS == 0) {
      return Integer.parseInt(text);
    }
    throw field.fault("expected a mask of PCRs 0 to 23 such as 0x408000");
  }

  private static int pcr(Field field, String name) {
    if (!name.matches("0|[1-9][0-9]?")) {
      throw field.fault("expected the number of a PCR");
    }
    return Integer.parseInt(name);
  }

  private static List<byte[]> values(Field field) {
    List<Field> items =
        field.value() instanceof Json.Str ? List.of(field) : field.list(MOST_VALUES);
    if (items.isEmpty()) {
      throw field.fault("expected at least one value");
    }
    List<byte[]> values = new ArrayList<>();
    for (Field item : items) {
      byte[] value = item.hex(LARGEST_DIGEST);
      if (Arrays.stream(HashAlg.values()).noneMatch(alg -> alg.size() == value.length)) {
        throw item.fault("expected a digest in hex");
      }
      values.add(value);
    }
    return List.copyOf(values);
  }

  /** A finding for each PCR of the bank that is not there or has another value than is allowed. */
  public List<Finding> judge(PcrValues values, HashAlg bank) {
    List<Finding> findings = new ArrayList<>();
    allowed.forEach((pcr, choices) -> {
      Optional<Digest> value = values.get(bank, pcr);
      if (value.isEmpty()) {
        findings.add(
            new Finding(
                Finding.Code.PCR_MISSING,
                "PCR " + pcr,
                "the quote has no value of bank " + bank.label()));
      } else if (choices.stream().noneMatch(choice -> Arrays.equals(choice, value.get().bytes()))) {
        findings.add(
            new Finding(
                Finding.Code.PCR_REFUSED,
                "PCR " + pcr,
                "it is %s, the policy allows %s".formatted(value.get(), words(choices))));
      }
    });
    return findings;
  }

  private static String words(List<byte[]> choices) {
    return choices.stream()
            .limit(4)
            .map(HexFormat.of()::formatHex)
            .collect(Collectors.joining(" or "))
        + (choices.size() > 4 ? " or others" : "");
  }

  private static EvidenceException unusable(String detail) {
    return new EvidenceException(Finding.Code.POLICY_UNUSABLE, "tpm_policy", detail);
  }
}
