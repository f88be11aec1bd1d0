package dev.keystead.cli;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;

/** Events as lines: for each its time, its name and what it says. */
public final class EventLines {
  private final PrintWriter out;
  private final boolean json;

  /** Prints to {@code out}, each event as one line of JSON or of text. */
  public EventLines(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /** Prints an event; its components are the details. */
  public synchronized void print(Instant at, Record event) {
    String name = name(event.getClass());
    JsonObjectBuilder details = Json.object();
    StringBuilder text = new StringBuilder("%s  %-20s".formatted(at, name));
    for (RecordComponent component : event.getClass().getRecordComponents()) {
      Object value = value(component, event);
      if (!(value instanceof Instant)) {
        details.put(component.getName(), json(value));
        text.append("  ").append(component.getName()).append('=').append(json(value));
      }
    }
    Json line =
        Json.object().put("at", at.toString()).put("event", name).put("details", details).build();
    out.println(OutputFormat.printable(json ? line.toString() : text.toString()));
    out.flush();
  }

  private static Object value(RecordComponent component, Record event) {
    try {
      return component.getAccessor().invoke(event);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("an event that cannot be read", e);
    }
  }

  private static Json json(Object value) {
    return switch (value) {
      case Duration duration -> Json.of(duration.toMillis());
      case Integer number -> Json.of(number.longValue());
      case Long number -> Json.of(number);
      case Boolean truth -> Json.of(truth);
      case Collection<?> many -> Json.array(many.stream().map(EventLines::json).toList());
      default -> Json.of(String.valueOf(value));
    };
  }

  private static String name(Class<?> type) {
    return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }
}
