package dev.keystead.evidence.launch;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which programs may run on a node.
 *
 * @param programs measurement to a name for people
 */
public record LaunchPolicy(Map<String, String> programs) {
  private static final int MOST_PROGRAMS = 100_000;
  private static final int LONGEST_NAME = 256;
  private static final String WHERE = "launch policy";

  /** Takes a copy. */
  public LaunchPolicy {
    programs = Map.copyOf(programs);
  }

  /**
   * Parses {@code {"version": 1, "programs": [{"measurement": "64 hex digits", "name": "..."}]}}.
   *
   * @throws EvidenceException with POLICY_UNUSABLE
   */
  public static LaunchPolicy parse(byte[] json) {
    try {
      Fields fields = Json.parseObject(json, Limits.POLICY).fields("");
      fields.integer("version", 1, 1);
      Map<String, String> programs = new HashMap<>();
      for (Field item : fields.list("programs", MOST_PROGRAMS)) {
        Fields program = item.fields();
        Field measurement = program.field("measurement");
        if (!measurement.text(64).matches("[0-9a-f]{64}")) {
          throw measurement.fault("expected 64 hexadecimal digits, lower case");
        }
        programs.put(measurement.text(), program.text("name", LONGEST_NAME));
        program.done();
      }
      fields.done();
      return new LaunchPolicy(programs);
    } catch (JsonException e) {
      throw new EvidenceException(Code.POLICY_UNUSABLE, WHERE, String.valueOf(e.getMessage()));
    }
  }

  /** A finding for each program of the log that is not here, once for each measurement. */
  public List<Finding> judge(LaunchLog log) {
    Map<String, Finding> refused = new LinkedHashMap<>();
    long number = 0;
    for (LaunchEntry entry : log.entries()) {
      if (!programs.containsKey(entry.measurement())) {
        refused.putIfAbsent(
            entry.measurement(),
            new Finding(
                Code.PROGRAM_NOT_IN_POLICY,
                "launch log entry %d, %s".formatted(number, entry.label()),
                "the policy does not list its measurement " + entry.measurement()));
      }
      number++;
    }
    return List.copyOf(refused.values());
  }
}
