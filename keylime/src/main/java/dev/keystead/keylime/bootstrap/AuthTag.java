package dev.keystead.keylime.bootstrap;

import dev.keystead.keylime.WireException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA384 as Keylime uses it: 48 bytes, 96 lower-case hex digits on the wire. It is the
 * auth_tag of an activation, the auth_tag of share U and the hmac of keys/verify. Equality takes
 * the same time whatever the bytes are.
 */
public final class AuthTag {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{96}");
  private final byte[] bytes;

  private AuthTag(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The tag of {@code message} under {@code key}. */
  public static AuthTag of(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA384");
      mac.init(new SecretKeySpec(key, "HmacSHA384"));
      return new AuthTag(mac.doFinal(message));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA384", e);
    }
  }

  /** Reads 96 lower-case hex digits; {@code field} is named in the {@link WireException}. */
  public static AuthTag parse(String hex, String field) {
    if (!HEX.matcher(hex).matches()) {
      throw WireException.malformed(field, "is not 96 lower-case hex digits");
    }
    return new AuthTag(HexFormat.of().parseHex(hex));
  }

  /** 96 lower-case hex digits. */
  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AuthTag that && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Says nothing: a tag under a key is itself worth keeping. */
  @Override
  public String toString() {
    return "AuthTag";
  }
}
