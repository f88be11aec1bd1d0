package dev.keystead.keylime;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PEM (RFC 7468) in the form that OpenSSL writes: lines of 64 characters, one at the end. */
public final class Pem {
  /** Most characters of one block. */
  public static final int MAX_LENGTH = 8192;

  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  /** Writes one block. */
  public static String encode(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, LINES.encodeToString(der), label);
  }

  /** The contents of {@code text}, which is exactly one block with this label. */
  public static byte[] decode(String text, String label, String field) {
    List<byte[]> blocks = decodeAll(text, label, 1, field);
    if (blocks.size() != 1) {
      throw WireException.malformed(field, "is not one PEM block of a " + label);
    }
    return blocks.getFirst();
  }

  /** The contents of all blocks of {@code text}, at most {@code max}, all with this label. */
  public static List<byte[]> decodeAll(String text, String label, int max, String field) {
    Pattern block =
        Pattern.compile(
            "-----BEGIN "
                + label
                + "-----\\r?\\n([A-Za-z0-9+/=\\r\\n]*+)-----END "
                + label
                + "-----(?:\\r?\\n|\\z)");
    List<byte[]> blocks = new ArrayList<>();
    Matcher at = block.matcher(text);
    int end = 0;
    while (end < text.length()) {
      at.region(end, text.length());
      if (blocks.size() == max || !at.lookingAt() || at.end() - end > MAX_LENGTH) {
        throw WireException.malformed(
            field, "is not PEM of at most %d %s blocks".formatted(max, label));
      }
      String base64 = at.group(1).replace("\r", "").replace("\n", "");
      blocks.add(new Field(field, Json.of(base64)).bytes64(MAX_LENGTH));
      end = at.end();
    }
    return blocks;
  }

  /** Exactly one X.509 certificate. */
  public static X509Certificate certificate(String text, String field) {
    byte[] der = decode(text, "CERTIFICATE", field);
    try {
      ByteArrayInputStream in = new ByteArrayInputStream(der);
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      if (in.available() != 0) {
        throw WireException.malformed(field, "has bytes behind its certificate");
      }
      return certificate;
    } catch (CertificateException e) {
      throw WireException.malformed(field, "is not an X.509 certificate");
    }
  }
}
