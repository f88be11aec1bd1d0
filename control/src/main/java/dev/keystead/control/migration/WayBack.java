package dev.keystead.control.migration;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.keylime.AgentId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The way back to the installation that was taken over. It is open until the operator closes it; as
 * long as it is, that installation can be started again as it was, and this tells what it does not
 * know.
 *
 * @param at when it was taken over
 * @param source digest over its rows then
 * @param registrations that were taken
 * @param nodes that were taken
 * @param closed when the way back was closed
 */
public record WayBack(
    Instant at,
    String source,
    List<String> registrations,
    List<String> nodes,
    Optional<Instant> closed) {
  private static final String FILE = "migration.json";

  /** Takes copies. */
  public WayBack {
    registrations = List.copyOf(registrations);
    nodes = List.copyOf(nodes);
  }

  /**
   * What is different from what the other installation knows.
   *
   * @param untouched whether it has not been changed since
   * @param registered since: to be registered there again, by a restart of their agents
   * @param enrolled since: to be enrolled there again
   * @param removed since: still watched there, and to be deleted there
   * @param failed that are not trusted now: that installation judges them anew
   */
  public record Differences(
      boolean untouched,
      List<String> registered,
      List<String> enrolled,
      List<String> removed,
      List<String> failed) {}

  static void open(Path folder, Installation from, Report report, InstantSource clock)
      throws IOException {
    new WayBack(
            clock.instant(),
            report.source(),
            report.taken(Item.Kind.REGISTRATION),
            report.taken(Item.Kind.NODE),
            Optional.empty())
        .write(folder);
  }

  /**
   * Reads what was written at the switch.
   *
   * @throws MigrationException when nothing was taken over into this folder
   */
  public static WayBack read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      throw new MigrationException("nothing was taken over into " + folder);
    }
    Fields fields =
        Json.parseObject(PrivateFiles.read(file, 64 << 20), Limits.POLICY).fields("migration");
    return new WayBack(
        Instant.ofEpochMilli(fields.integer("at", 0L, Long.MAX_VALUE)),
        fields.text("source"),
        texts(fields, "registrations"),
        texts(fields, "nodes"),
        fields.optionalInteger("closed", 0L, Long.MAX_VALUE).stream()
            .mapToObj(Instant::ofEpochMilli)
            .findFirst());
  }

  private static List<String> texts(Fields fields, String name) {
    return fields.list(name, 1_000_000).stream().map(f -> f.text(AgentId.MAX_LENGTH)).toList();
  }

  private void write(Path folder) throws IOException {
    JsonObjectBuilder out =
        Json.object()
            .put("at", at.toEpochMilli())
            .put("source", source)
            .put("registrations", Json.strings(registrations))
            .put("nodes", Json.strings(nodes));
    closed.ifPresent(when -> out.put("closed", when.toEpochMilli()));
    PrivateFiles.write(folder.resolve(FILE), out.build().toString());
  }

  /**
   * What the other installation does not know. Ours must be stopped.
   *
   * @throws MigrationException when the way back is closed, or a server still answers
   */
  public Differences differences(Migration migration) {
    requireOpen();
    migration.requireSilent();
    String now = Survey.read(migration.from(), Destination.NONE).source();
    try (Destination.Stores stores = new Destination.Stores(migration.to(), migration.clock())) {
      List<String> registered = names(stores.registrations().ids());
      List<String> watched = names(stores.nodes().ids());
      return new Differences(
          now.equals(source),
          without(registered, registrations),
          without(watched, nodes),
          without(nodes, watched),
          names(stores.nodes().failed()));
    }
  }

  /**
   * Closes the way back: from here on the other installation is history, and its copies of shares
   * and keys can be destroyed.
   */
  public WayBack close(Path folder, InstantSource clock) throws IOException {
    requireOpen();
    WayBack shut = new WayBack(at, source, registrations, nodes, Optional.of(clock.instant()));
    shut.write(folder);
    return shut;
  }

  private void requireOpen() {
    closed.ifPresent(when -> {
      throw new MigrationException("the way back was closed at " + when);
    });
  }

  private static List<String> names(List<AgentId> ids) {
    return ids.stream().map(AgentId::value).toList();
  }

  private static List<String> without(List<String> all, List<String> known) {
    List<String> rest = new ArrayList<>(all);
    rest.removeAll(known);
    return rest;
  }
}
