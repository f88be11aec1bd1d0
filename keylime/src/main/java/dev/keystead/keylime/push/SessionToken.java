package dev.keystead.keylime.push;

import dev.keystead.keylime.WireException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * What an agent shows to be let in: the session's id, a dot, and a secret.
 *
 * @param secret 22 to 128 characters of URL-safe base64
 */
public record SessionToken(SessionId session, String secret) {
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{22,128}");

  /** Checks the form. */
  public SessionToken {
    if (!SECRET.matcher(secret).matches()) {
      throw WireException.malformed("token", "is not of its form");
    }
  }

  /** A fresh one with a secret of 256 bits. */
  public static SessionToken generate(SessionId session, SecureRandom random) {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    return new SessionToken(
        session, Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
  }

  /** Reads the text. */
  public static SessionToken parse(String text) {
    int dot = text.indexOf('.');
    if (dot < 0) {
      throw WireException.malformed("token", "is not of its form");
    }
    return new SessionToken(new SessionId(text.substring(0, dot)), text.substring(dot + 1));
  }

  /** The text on the wire, which is secret. */
  public String text() {
    return session + "." + secret;
  }

  /** The session alone. */
  @Override
  public String toString() {
    return "token of session " + session;
  }
}
