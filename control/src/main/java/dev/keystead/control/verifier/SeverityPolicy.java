package dev.keystead.control.verifier;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.pattern.LinearPattern;
import dev.keystead.evidence.pattern.PatternException;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.revocation.KeylimeEvent;
import dev.keystead.keylime.revocation.Severity;
import java.util.List;

/**
 * How severe events are (section 7.3 of the wire): the first rule whose pattern matches an event's
 * whole id names its label; an event that none matches, or after which the agent is not worth
 * asking again, is as severe as any.
 *
 * @param labels mildest first
 */
public record SeverityPolicy(List<String> labels, List<Rule> rules) {
  private static final int MOST = 100;

  /** Keylime's: every event is as severe as any. */
  public static final SeverityPolicy KEYLIME =
      new SeverityPolicy(Severity.KEYLIME_LABELS, List.of());

  /**
   * One rule.
   *
   * @param event matches whole ids
   * @param label one of the policy's
   */
  public record Rule(LinearPattern event, String label) {}

  /** Refuses no labels, the same twice, and rules with others. */
  public SeverityPolicy {
    labels = List.copyOf(labels);
    rules = List.copyOf(rules);
    if (labels.isEmpty() || labels.stream().distinct().count() != labels.size()) {
      throw WireException.malformed("severity_labels", "are none, or one is there twice");
    }
    labels.forEach(label -> new Severity(0, label));
    for (Rule rule : rules) {
      if (!labels.contains(rule.label)) {
        throw WireException.malformed("severity_policy", "has a label that is not declared");
      }
    }
  }

  /**
   * Reads {@code {"severity_labels": [..], "severity_policy": [{"event_id": pattern,
   * "severity_label": label}]}}, as Keylime's configuration names them; without labels Keylime's.
   *
   * @throws WireException when it cannot be used
   */
  public static SeverityPolicy parse(byte[] json) {
    return Message.read(
        Message.parse(json, Limits.WIRE),
        fields -> {
          List<String> labels =
              fields.optionalList("severity_labels", MOST).stream().map(f -> f.text(32)).toList();
          List<Rule> rules =
              fields.list("severity_policy", MOST).stream().map(SeverityPolicy::rule).toList();
          fields.done();
          return new SeverityPolicy(labels.isEmpty() ? Severity.KEYLIME_LABELS : labels, rules);
        });
  }

  private static Rule rule(Field field) {
    var fields = field.fields();
    try {
      Rule rule =
          new Rule(
              LinearPattern.compile(fields.text("event_id", 1000)),
              fields.text("severity_label", 32));
      fields.done();
      return rule;
    } catch (PatternException e) {
      throw WireException.malformed(field.path(), String.valueOf(e.getMessage()));
    }
  }

  /** How severe an event is. */
  Severity of(KeylimeEvent event) {
    int highest = labels.size() - 1;
    if (!event.recoverable()) {
      return new Severity(highest, labels.get(highest));
    }
    return rules.stream()
        .filter(rule -> rule.event.matchesAll(event.id()))
        .findFirst()
        .map(rule -> new Severity(labels.indexOf(rule.label), rule.label))
        .orElseGet(() -> new Severity(highest, labels.get(highest)));
  }

  /** Whether nothing is more severe. */
  boolean isHighest(Severity severity) {
    return severity.level() == labels.size() - 1;
  }

  /** The form that {@link #parse} reads. */
  public Json.Obj toJson() {
    return Json.object()
        .put("severity_labels", Json.strings(labels))
        .put(
            "severity_policy",
            Json.array(
                rules.stream()
                    .map(rule ->
                        Json.object()
                            .put("event_id", rule.event.toString())
                            .put("severity_label", rule.label)
                            .build())
                    .toList()))
        .build();
  }
}
