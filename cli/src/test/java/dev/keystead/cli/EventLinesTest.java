package dev.keystead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ControlEvent;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.AgentId;
import dev.keystead.node.AgentEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventLinesTest {
  private static final Instant AT = Instant.parse("2027-01-15T08:00:00Z");

  static Stream<Record> events() {
    AgentId id = AgentId.of("node-1");
    return Stream.of(
        new AgentEvent.Quoted(7, Duration.ofMillis(3)),
        new AgentEvent.Refused("payload", "a name\nwith a line end"),
        new ControlEvent.Passed(AT, id, Duration.ofMillis(4), 9),
        new ControlEvent.Failed(
            AT, id, "ima.ima_hash", List.of("IMA entry 5, /usr/bin/evil"), Duration.ZERO));
  }

  @ParameterizedTest
  @MethodSource("events")
  void everyEventIsOneLineOfJsonOrText(Record event) {
    String json = printed(event, true);
    assertThat(json.lines()).hasSize(1);
    assertThat(
            Json.parseObject(json.getBytes(java.nio.charset.StandardCharsets.UTF_8), Limits.WIRE)
                .members())
        .containsOnlyKeys("at", "event", "details");
    assertThat(printed(event, false).lines()).hasSize(1);
  }

  private static String printed(Record event, boolean json) {
    StringWriter out = new StringWriter();
    new EventLines(new PrintWriter(out), json).print(AT, event);
    return out.toString();
  }
}
