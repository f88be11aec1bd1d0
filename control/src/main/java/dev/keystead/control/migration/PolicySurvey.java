package dev.keystead.control.migration;

import dev.keystead.control.migration.Item.Kind;
import dev.keystead.control.verifier.NodeImport;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.policy.Dsse;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.verifier.Policies;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads Keylime's tables of policies. */
final class PolicySurvey {
  private static final String SIGNED =
      "is signed: its payload is kept, since Keylime verified it and does not keep the key";

  private final Destination destination;
  private final List<Item> items;
  private final String engine;
  private final Map<Long, Kept> runtime = new HashMap<>();
  private final Map<Long, Kept> boot = new HashMap<>();
  private long lastId = -1;
  private byte[] lastBody = {};

  /**
   * A policy that a node may refer to.
   *
   * @param empty whether it allows nothing, as Keylime keeps it for agents without a policy
   * @param usable whether it was taken
   */
  record Kept(String name, boolean empty, boolean usable) {}

  PolicySurvey(Destination destination, List<Item> items, String engine) {
    this.destination = destination;
    this.items = items;
    this.engine = engine;
  }

  void read(Connection connection) throws SQLException {
    SourceRow.each(connection, "allowlists", "id", this::readRuntime);
    SourceRow.each(connection, "mbpolicies", "id", this::readBoot);
  }

  Optional<Kept> runtime(long id) {
    return Optional.ofNullable(runtime.get(id));
  }

  Optional<Kept> boot(long id) {
    return Optional.ofNullable(boot.get(id));
  }

  /** The text of a policy that was taken. */
  byte[] runtimeBody(Connection connection, long id) throws SQLException {
    if (lastId != id) {
      lastBody = bare(bytes(text(connection, "allowlists", id, "ima_policy")));
      lastId = id;
    }
    return lastBody;
  }

  /** The text of a policy that was taken. */
  String bootBody(Connection connection, long id) throws SQLException {
    return text(connection, "mbpolicies", id, "mb_policy");
  }

  private static String text(Connection connection, String table, long id, String column)
      throws SQLException {
    return SourceRow.find(connection, table, id).flatMap(row -> row.text(column)).orElseThrow();
  }

  private void readRuntime(SourceRow row) {
    String name = row.text("name").orElse("");
    long id = row.number("id").orElseThrow();
    try {
      Policies.requireName(name, "name");
      Optional<byte[]> body = row.text("ima_policy").map(PolicySurvey::bytes);
      if (body.isEmpty() || isEmpty(body.get())) {
        runtime.put(id, new Kept(name, true, true));
        items.add(Item.left(Kind.RUNTIME_POLICY, name, "says nothing about any file"));
        return;
      }
      byte[] bare = bare(body.get());
      NodeImport.checkRuntimePolicy(bare);
      destination.runtimePolicy(name, bare);
      runtime.put(id, new Kept(name, false, true));
      items.add(
          bare.length == body.get().length
              ? Item.taken(Kind.RUNTIME_POLICY, name, "")
              : Item.changed(Kind.RUNTIME_POLICY, name, SIGNED));
    } catch (WireException | EvidenceException | JsonException e) {
      runtime.put(id, new Kept(name, false, false));
      items.add(Item.refused(Kind.RUNTIME_POLICY, name, String.valueOf(e.getMessage())));
    }
  }

  private void readBoot(SourceRow row) {
    String name = row.text("name").orElse("");
    long id = row.number("id").orElseThrow();
    try {
      Policies.requireName(name, "name");
      Optional<String> body = row.text("mb_policy").filter(text -> !text.strip().equals("{}"));
      if (body.isEmpty()) {
        boot.put(id, new Kept(name, true, true));
        items.add(Item.left(Kind.BOOT_POLICY, name, "says nothing about the boot"));
        return;
      }
      NodeImport.checkBootPolicy(body.get());
      destination.bootPolicy(name, body.get());
      boot.put(id, new Kept(name, false, true));
      items.add(
          engine.equals("example")
              ? Item.taken(Kind.BOOT_POLICY, name, "")
              : Item.changed(
                  Kind.BOOT_POLICY,
                  name,
                  "boots are held against what it says; Keylime judged them by its engine "
                      + engine));
    } catch (WireException | EvidenceException | JsonException e) {
      boot.put(id, new Kept(name, false, false));
      items.add(Item.refused(Kind.BOOT_POLICY, name, String.valueOf(e.getMessage())));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bare(byte[] body) {
    return Dsse.isEnvelope(Json.parseObject(body, Limits.POLICY))
        ? Dsse.parse(body).payload()
        : body;
  }

  /** Keylime keeps a policy with {@code "generator": 1} for an agent that was given none. */
  private static boolean isEmpty(byte[] body) {
    Json.Obj policy = Json.parseObject(body, Limits.POLICY);
    return policy.members().get("meta") instanceof Json.Obj meta
        && meta.members().get("generator") instanceof Json.Num generator
        && generator.isLong()
        && generator.longValue() == 1;
  }
}
