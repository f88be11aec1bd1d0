package dev.keystead.cli.node;

import dev.keystead.cli.ExitCode;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import dev.keystead.tenant.NodeStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a node stands, as the command line shows it. */
final class StatusView {
  private StatusView() {}

  /** Trusted only while the verifier says PASS. */
  static boolean isTrusted(NodeStatus node) {
    return node.attested()
        .filter(status -> status.attestationStatus() == AttestationStatus.PASS)
        .isPresent();
  }

  static int exitCode(NodeStatus node) {
    return isTrusted(node) ? ExitCode.TRUSTED : ExitCode.NOT_TRUSTED;
  }

  static Json json(NodeStatus node) {
    JsonObjectBuilder json =
        Json.object()
            .put("id", node.id().value())
            .put("trusted", isTrusted(node))
            .put("registered", node.registered().isPresent())
            .put("watched", node.attested().isPresent());
    node.attested().ifPresent(status -> put(status, json));
    return json.build();
  }

  /** What the verifier alone says of a node; whether it is registered was not asked. */
  static Json watched(AgentId id, VerifierAgentStatus status) {
    JsonObjectBuilder json =
        Json.object()
            .put("id", id.value())
            .put("trusted", status.attestationStatus() == AttestationStatus.PASS)
            .put("watched", true);
    put(status, json);
    return json.build();
  }

  private static void put(VerifierAgentStatus status, JsonObjectBuilder json) {
    json.put("state", status.state().name().toLowerCase(Locale.ROOT))
        .put("attestationStatus", status.attestationStatus().name())
        .put("attestations", status.attestations())
        .put("lastSuccess", status.lastSuccessfulAttestation());
    status.contact().map(ContactAddress::toString).ifPresent(a -> json.put("contact", a));
    status.lastEvent().ifPresent(event -> json.put("lastEvent", event.id()));
  }

  static String line(NodeStatus node) {
    return line(node.id(), node.attested())
        + (node.registered().isPresent() ? "" : ", not registered");
  }

  /** What the verifier alone says of a node. */
  static String line(AgentId id, Optional<VerifierAgentStatus> attested) {
    String standing =
        attested
            .map(status -> status.attestationStatus() + ", " + status.state())
            .orElse("not watched");
    boolean trusted =
        attested.filter(s -> s.attestationStatus() == AttestationStatus.PASS).isPresent();
    return "%-36s  %-11s  %s".formatted(id, trusted ? "trusted" : "NOT trusted", standing);
  }

  static List<String> lines(NodeStatus node) {
    List<String> lines = new ArrayList<>();
    lines.add(line(node));
    node.attested().ifPresent(status -> describe(status, lines));
    return lines;
  }

  private static void describe(VerifierAgentStatus status, List<String> lines) {
    status.contact().ifPresent(contact -> lines.add("contact: " + contact));
    lines.add("good attestations: " + status.attestations());
    if (status.lastSuccessfulAttestation() > 0) {
      lines.add("the last one: " + Instant.ofEpochSecond(status.lastSuccessfulAttestation()));
    }
    status
        .lastEvent()
        .ifPresent(event ->
            lines.add(
                "why it is not trusted: %s; keystead ledger show has the words"
                    .formatted(event.id())));
  }
}
