package dev.keystead.control.migration;

import dev.keystead.control.migration.Item.Kind;
import dev.keystead.control.migration.PolicySurvey.Kept;
import dev.keystead.control.verifier.NodeImport;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.revocation.Severity;
import dev.keystead.keylime.verifier.OperationalState;
import dev.keystead.keylime.verifier.Policies;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.keylime.verifier.VerifierAgentStatus.LastEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads Keylime's table of agents under watch. */
final class NodeSurvey {
  private static final int PCR_10 = 1 << 10;

  private final Destination destination;
  private final List<Item> items;
  private final PolicySurvey policies;
  private final Map<String, byte[]> attestationKeys;
  private final String verifierId;

  NodeSurvey(
      Destination destination,
      List<Item> items,
      PolicySurvey policies,
      Map<String, byte[]> attestationKeys,
      String verifierId) {
    this.destination = destination;
    this.items = items;
    this.policies = policies;
    this.attestationKeys = attestationKeys;
    this.verifierId = verifierId;
  }

  void read(Connection connection) throws SQLException {
    SourceRow.each(
        connection, "verifiermain", "ima_policy_id, agent_id", row -> read(connection, row));
  }

  private void read(Connection connection, SourceRow row) throws SQLException {
    String name = row.text("agent_id").orElse("");
    String owner = row.text("verifier_id").orElse("default");
    if (!owner.equals(verifierId)) {
      items.add(Item.left(Kind.NODE, name, "is watched by the verifier " + owner));
      return;
    }
    try {
      AgentId id = AgentId.of(name);
      if (row.text("ip").isEmpty()) {
        throw WireException.malformed(
            "ip", "none: it pushes its evidence, and is enrolled again after the switch");
      }
      if (row.text("mtls_cert").filter("disabled"::equals).isPresent()) {
        throw WireException.malformed(
            "mtls_cert", "is disabled: it is spoken to without TLS, and ours is over mutual TLS");
      }
      Optional<Kept> runtime = runtime(row);
      Optional<Kept> boot =
          row.number("mb_policy_id").flatMap(policies::boot).filter(k -> !k.empty());
      VerifierAgentAdd add = VerifierAgentAdd.parse(json(row, runtime, boot));
      requireSameKey(name, add);
      NodeImport.Standing standing = standing(row);
      NodeImport.check(id, add.with(whole(connection, row, add.policies(), runtime, boot)));
      destination.node(id, add, standing);
      items.add(Item.taken(Kind.NODE, name, words(standing, add)));
    } catch (WireException | EvidenceException | JsonException e) {
      items.add(Item.refused(Kind.NODE, name, String.valueOf(e.getMessage())));
    }
  }

  private Policies whole(
      Connection connection,
      SourceRow row,
      Policies named,
      Optional<Kept> runtime,
      Optional<Kept> boot)
      throws SQLException {
    Policies whole = named.withoutBodies();
    if (runtime.isPresent()) {
      long id = row.number("ima_policy_id").orElseThrow();
      whole = whole.ofRuntime(policies.runtimeBody(connection, id), Optional.empty());
    }
    if (boot.isPresent()) {
      whole = whole.ofBoot(policies.bootBody(connection, row.number("mb_policy_id").orElseThrow()));
    }
    return whole;
  }

  private static String words(NodeImport.Standing standing, VerifierAgentAdd add) {
    String share = add.v().isPresent() ? ", share V kept" : ", without a share";
    return standing.isOver()
        ? "stays as it was found: %s%s"
            .formatted(standing.event().map(LastEvent::id).orElse("stopped"), share)
        : "proves itself again from the beginning" + share;
  }

  private Optional<Kept> runtime(SourceRow row) {
    Optional<Kept> kept = row.number("ima_policy_id").flatMap(policies::runtime);
    if (kept.isPresent() && kept.get().empty()) {
      if ((mask(row) & PCR_10) != 0) {
        throw WireException.malformed(
            "runtime_policy", "is empty and judges files all the same: every file would fail");
      }
      return Optional.empty();
    }
    return kept;
  }

  private static int mask(SourceRow row) {
    Json policy = Json.parse(row.jsonText("tpm_policy", Limits.WIRE).orElse("{}"), Limits.WIRE);
    return policy instanceof Json.Obj object
            && object.members().get("mask") instanceof Json.Str mask
            && mask.value().matches("0x[0-9a-fA-F]{1,6}")
        ? Integer.parseInt(mask.value().substring(2), 16)
        : 0;
  }

  private Json.Obj json(SourceRow row, Optional<Kept> runtime, Optional<Kept> boot) {
    JsonObjectBuilder out = Json.object();
    row.text("v").ifPresentOrElse(v -> out.put("v", v), () -> out.putNull("v"));
    out.put("cloudagent_ip", row.text("ip").orElse(""))
        .put("cloudagent_port", row.number("port").orElse(0L))
        .put("tpm_policy", row.jsonText("tpm_policy", Limits.WIRE).orElse("{}"))
        .put("metadata", row.jsonText("meta_data", Limits.WIRE).orElse("{}"))
        .put("runtime_policy", "")
        .put("runtime_policy_name", named("runtime_policy", runtime))
        .putNull("mb_policy")
        .put("mb_policy_name", named("mb_policy", boot))
        .put(
            "ima_sign_verification_keys",
            row.jsonText("ima_sign_verification_keys", Limits.WIRE).orElse(""))
        .put("revocation_key", row.text("revocation_key").orElse(""))
        .put("ak_tpm", row.text("ak_tpm").orElse(""))
        .put("supported_version", row.text("supported_version").orElse("2.0"));
    for (String list :
        List.of("accept_tpm_hash_algs", "accept_tpm_encryption_algs", "accept_tpm_signing_algs")) {
      row.json(list, Limits.WIRE).ifPresent(names -> out.put(list, names));
    }
    row.text("mtls_cert")
        .ifPresentOrElse(
            cert -> out.put("mtls_cert", RegistrationSurvey.certificate(cert)),
            () -> out.putNull("mtls_cert"));
    if (row.text("verifier_ip").isPresent() && row.number("verifier_port").isPresent()) {
      out.put("verifier_ip", row.text("verifier_ip").get())
          .put("verifier_port", row.number("verifier_port").get());
    }
    return out.build();
  }

  private static String named(String field, Optional<Kept> policy) {
    if (policy.isPresent() && !policy.get().usable()) {
      throw WireException.malformed(
          field, "the policy " + policy.get().name() + " cannot be taken");
    }
    return policy.map(Kept::name).orElse("");
  }

  private void requireSameKey(String name, VerifierAgentAdd add) {
    byte @Nullable [] registered = attestationKeys.get(name);
    if (registered != null && !Arrays.equals(registered, add.ak().toSizedBytes())) {
      throw WireException.malformed(
          "ak_tpm", "is another attestation key than the one that is registered under this id");
    }
  }

  private static NodeImport.Standing standing(SourceRow row) {
    return new NodeImport.Standing(
        OperationalState.of(Math.toIntExact(row.number("operational_state").orElse(1L))),
        row.text("last_event_id").map(id -> new LastEvent(id, Severity.EMERGENCY)),
        row.number("attestation_count").orElse(0L),
        1000 * row.number("last_received_quote").orElse(0L),
        1000 * row.number("last_successful_attestation").orElse(0L));
  }
}
