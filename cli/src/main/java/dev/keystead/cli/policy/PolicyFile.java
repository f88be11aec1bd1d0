package dev.keystead.cli.policy;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.InputFile;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.policy.Dsse;
import java.nio.file.Path;

/** Reads runtime policies, bare or out of an envelope whose signature does not matter here. */
final class PolicyFile {
  private PolicyFile() {}

  static Json.Obj read(Path file) {
    byte[] bytes = InputFile.read(file, InputFile.POLICY, "the policy");
    try {
      Json.Obj json = Json.parseObject(bytes, Limits.POLICY);
      return Dsse.isEnvelope(json)
          ? Json.parseObject(Dsse.parse(bytes).payload(), Limits.POLICY)
          : json;
    } catch (JsonException e) {
      throw CommandException.unreadable(
          "the policy %s is not a JSON object: %s".formatted(file, e.getMessage()));
    }
  }
}
