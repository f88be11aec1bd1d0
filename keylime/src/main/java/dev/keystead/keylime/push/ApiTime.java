package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Field;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Points in time as RFC 3339 text. */
final class ApiTime {
  private static final int LONGEST = 40;
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

  private ApiTime() {}

  static Instant read(Field field) {
    String text = field.text(LONGEST);
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      if (time.getYear() < 1970 || time.getYear() > 9999) {
        throw field.fault("expected a time from 1970 on");
      }
      return time.toInstant();
    } catch (DateTimeException e) {
      throw field.fault("expected a time such as 2026-11-22T02:44:56Z");
    }
  }

  /** As servers write it: microseconds, and the offset in digits. */
  static String micros(Instant time) {
    return MICROS.format(time);
  }

  /** As agents write it: whole seconds. */
  static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
