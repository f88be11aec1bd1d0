package dev.keystead.cli.migrate;

import dev.keystead.control.migration.Item;
import dev.keystead.control.migration.Item.Fate;
import dev.keystead.control.migration.Report;
import dev.keystead.control.migration.WayBack;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A migration in words and as JSON. */
final class MigrationView {
  private MigrationView() {}

  static Json json(Report report, boolean taken) {
    JsonObjectBuilder counts = Json.object();
    for (Fate fate : Fate.values()) {
      counts.put(label(fate), report.count(fate));
    }
    return Json.object()
        .put("switched", taken)
        .put("counts", counts.build())
        .put("items", Json.array(report.items().stream().map(MigrationView::json).toList()))
        .build();
  }

  private static Json json(Item item) {
    return Json.object()
        .put("kind", label(item.kind()))
        .put("name", item.name())
        .put("fate", label(item.fate()))
        .put("why", item.why())
        .build();
  }

  static List<String> lines(Report report, boolean taken, Path to) {
    List<String> lines = new ArrayList<>();
    for (Item item : report.items()) {
      String why = item.why().isEmpty() ? "" : ": " + item.why();
      lines.add(
          "%-8s %-14s %s%s".formatted(label(item.fate()), label(item.kind()), item.name(), why));
    }
    lines.add(
        "%d taken, %d changed, %d refused, %d left"
            .formatted(
                report.count(Fate.TAKEN),
                report.count(Fate.CHANGED),
                report.count(Fate.REFUSED),
                report.count(Fate.LEFT)));
    lines.add(
        taken
            ? "taken over into %s: start keystead registrar and keystead verifier with it"
                .formatted(to)
            : "this was a dry run: nothing was written. Stop Keylime's servers and give --switch");
    return lines;
  }

  static Json json(WayBack.Differences back) {
    return Json.object()
        .put("untouched", back.untouched())
        .put("registered", Json.strings(back.registered()))
        .put("enrolled", Json.strings(back.enrolled()))
        .put("removed", Json.strings(back.removed()))
        .put("failed", Json.strings(back.failed()))
        .build();
  }

  static List<String> lines(WayBack.Differences back) {
    List<String> lines = new ArrayList<>();
    lines.add(
        back.untouched()
            ? "Keylime's databases are as they were at the switch: its servers can be started"
            : "Keylime's databases have CHANGED since the switch");
    each(
        lines,
        back.registered(),
        "registered since: restart its agent, so that it registers there");
    each(lines, back.enrolled(), "enrolled since: enrol it there");
    each(lines, back.removed(), "removed since, and still watched there: delete it there");
    each(lines, back.failed(), "not trusted now: Keylime judges it by itself");
    return lines;
  }

  private static void each(List<String> lines, List<String> names, String what) {
    names.forEach(name -> lines.add(name + " " + what));
  }

  static Json json(WayBack shut) {
    return Json.object().put("closed", shut.closed().map(Instant::toString).orElse("")).build();
  }

  static List<String> lines(WayBack shut, Path work) {
    return List.of(
        "the way back is closed",
        "%s still holds shares, revocation keys and the authority's key: destroy it when you are sure"
            .formatted(work));
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
