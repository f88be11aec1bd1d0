package dev.keystead.keylime;

import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.Pem;
import java.security.cert.X509Certificate;
import java.util.List;

/** Reading fields that hold PEM. */
public final class PemField {
  /** Most characters of one block. */
  public static final int MAX_LENGTH = 8192;

  private PemField() {}

  /** The content of {@code text}, which is exactly one block with this label. */
  public static byte[] one(String text, String label, String field) {
    return all(text, label, 1, field).getFirst();
  }

  /** The contents of all blocks of {@code text}: 1 to {@code max}, each with this label. */
  public static List<byte[]> all(String text, String label, int max, String field) {
    if (text.length() > max * MAX_LENGTH) {
      throw WireException.malformed(field, "is longer than %d PEM blocks".formatted(max));
    }
    List<Pem.Block> blocks;
    try {
      blocks = Pem.parse(text);
    } catch (CredentialException e) {
      throw WireException.malformed(field, String.valueOf(e.getMessage()));
    }
    if (blocks.size() > max || !blocks.stream().allMatch(b -> b.label().equals(label))) {
      throw WireException.malformed(field, "is not PEM of 1 to %d blocks %s".formatted(max, label));
    }
    return blocks.stream().map(Pem.Block::der).toList();
  }

  /** Exactly one X.509 certificate. */
  public static X509Certificate certificate(String text, String field) {
    try {
      return Certificates.fromDer(one(text, "CERTIFICATE", field));
    } catch (CredentialException e) {
      throw WireException.malformed(field, String.valueOf(e.getMessage()));
    }
  }
}
