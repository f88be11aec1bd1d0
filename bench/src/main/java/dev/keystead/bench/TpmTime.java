package dev.keystead.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * The time that embedded TPMs take for their commands: the JDK's flight recorder times each call of
 * the transport, so that the program that is measured is the one that is shipped.
 */
final class TpmTime implements AutoCloseable {
  private static final String METHOD = "dev.keystead.tpm.transport.LibtpmsTransport::transmit";
  private final Recording recording = new Recording();

  /**
   * Commands in a span of time.
   *
   * @param commands how many
   * @param sum of their times
   */
  record Sum(int commands, Duration sum) {}

  /** A command that a TPM did. */
  record Call(Instant start, Duration took) {}

  TpmTime() {
    recording
        .enable("jdk.MethodTrace")
        .with("filter", METHOD)
        .with("threshold", "0 ns")
        .withoutStackTrace();
    recording.start();
  }

  /** All commands since this began, which ends with it. */
  List<Call> calls(Path file) throws IOException {
    recording.stop();
    recording.dump(file);
    List<Call> calls = new ArrayList<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      if (event.getEventType().getName().equals("jdk.MethodTrace")) {
        calls.add(new Call(event.getStartTime(), event.getDuration()));
      }
    }
    return calls;
  }

  /** The commands between two instants. */
  static Sum sum(List<Call> calls, Instant from, Instant to) {
    List<Call> within =
        calls.stream().filter(c -> !c.start().isBefore(from) && c.start().isBefore(to)).toList();
    return new Sum(
        within.size(), within.stream().map(Call::took).reduce(Duration.ZERO, Duration::plus));
  }

  @Override
  public void close() {
    recording.close();
  }
}
