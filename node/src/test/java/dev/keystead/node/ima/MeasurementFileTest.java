package dev.keystead.node.ima;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list that grows, shrinks and is replaced under the reader. */
class MeasurementFileTest {
  @TempDir Path directory;

  @Test
  void everyEntryIsServedFromEveryNumber() throws IOException {
    Path file = write(Measurements.lines(0, 300));
    MeasurementFile list = new MeasurementFile(file);
    for (int first = 0; first <= 300; first++) {
      MeasurementFile.Part part = list.from(first);
      assertThat(part.first()).isEqualTo(first);
      assertThat(part.count()).isEqualTo(300 - first);
      assertThat(part.text()).isEqualTo(Measurements.lines(first, 300 - first));
    }
  }

  @Test
  void whatIsAddedIsServedAlone() throws IOException {
    Path file = write(Measurements.lines(0, 100));
    MeasurementFile list = new MeasurementFile(file);
    assertThat(list.count()).isEqualTo(100);
    for (int i = 100; i < 200; i += 7) {
      append(file, Measurements.lines(i, 7));
      assertThat(list.from(i).text()).isEqualTo(Measurements.lines(i, 7));
      assertThat(list.from(i - 1).text()).isEqualTo(Measurements.lines(i - 1, 8));
    }
  }

  @Test
  void anEntryThatIsNotThereYetGivesAllOfThem() throws IOException {
    MeasurementFile list = new MeasurementFile(write(Measurements.lines(0, 3)));
    MeasurementFile.Part part = list.from(4);
    assertThat(part.first()).isZero();
    assertThat(part.text()).isEqualTo(Measurements.lines(0, 3));
  }

  @Test
  void aLineThatIsBeingWrittenIsNotServed() throws IOException {
    Path file = write(Measurements.lines(0, 2));
    String third = Measurements.line("/bin/late", "late");
    append(file, third.substring(0, 50));
    MeasurementFile list = new MeasurementFile(file);
    assertThat(list.count()).isEqualTo(2);
    append(file, third.substring(50));
    assertThat(list.from(2).text()).isEqualTo(third);
  }

  @Test
  void aFileThatWasReplacedStartsOver() throws IOException {
    Path file = write(Measurements.lines(0, 100));
    MeasurementFile list = new MeasurementFile(file);
    assertThat(list.count()).isEqualTo(100);
    write(Measurements.lines(500, 10));
    assertThat(list.from(100).text()).isEqualTo(Measurements.lines(500, 10));
    write(Measurements.lines(900, 200));
    assertThat(list.from(150).text()).isEqualTo(Measurements.lines(1050, 50));
    write("");
    assertThat(list.count()).isZero();
  }

  @Test
  void aFileThatWasRenamedIntoPlaceIsReadAnew() throws IOException {
    MeasurementFile list = new MeasurementFile(write(Measurements.lines(0, 10)));
    assertThat(list.count()).isEqualTo(10);
    Path next = Files.writeString(directory.resolve("next"), Measurements.lines(0, 12));
    Files.move(next, directory.resolve("list"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(list.from(10).text()).isEqualTo(Measurements.lines(10, 2));
  }

  @Test
  void aNameWithANewlineIsOneEntry() throws IOException {
    String odd = Measurements.line("/tmp/a\nb c", "x");
    String next = Measurements.line("/bin/next", "y");
    MeasurementFile list = new MeasurementFile(write(odd + next));
    assertThat(list.count()).isEqualTo(2);
    assertThat(list.from(0).text()).isEqualTo(odd + next);
    assertThat(list.from(1).text()).isEqualTo(next);
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("list"), text);
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }
}
