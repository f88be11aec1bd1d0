package dev.keystead.keylime.push;

import dev.keystead.keylime.WireException;
import java.util.UUID;
import java.util.regex.Pattern;

/** The name of a session: a UUID in lower case. It is no secret. */
public record SessionId(String value) {
  private static final Pattern FORM =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** Checks the form. */
  public SessionId {
    if (!FORM.matcher(value).matches()) {
      throw WireException.malformed("session id", "is not a UUID in lower case");
    }
  }

  /** A fresh random one. */
  public static SessionId generate() {
    return new SessionId(UUID.randomUUID().toString());
  }

  @Override
  public String toString() {
    return value;
  }
}
