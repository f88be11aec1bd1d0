package dev.keystead.keylime.registration;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Json;
import dev.keystead.http.tls.Pem;
import dev.keystead.keylime.PemField;
import dev.keystead.keylime.WireException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * An endorsement certificate as an agent sends it. Nothing here says that it is trusted; TPM
 * makers' certificates are judged by the evidence room.
 *
 * @param der the endorsement key's certificate, one DER SEQUENCE and nothing behind it
 * @param hints further certificates that were sent: perhaps issuers, perhaps a platform certificate
 */
public record EkCert(byte[] der, List<byte[]> hints) {
  /** Most bytes of one certificate. */
  public static final int MAX_DER = 6000;

  private static final int MAX_BLOCKS = 9;
  private static final int MAX_TEXT = MAX_BLOCKS * PemField.MAX_LENGTH;

  /** Checks the outermost form of each certificate. */
  public EkCert {
    requireSequence(der);
    hints = List.copyOf(hints);
    hints.forEach(EkCert::requireSequence);
  }

  /**
   * Reads PEM (the first block is the endorsement key's) or base64 DER; none when empty. Zeros or
   * 0xff behind a certificate are what its NV index has room for, and left out.
   */
  public static Optional<EkCert> parse(Field field) {
    String text = field.text(MAX_TEXT);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.startsWith("-----")) {
      return Optional.of(new EkCert(unpadded(field.bytes64(MAX_DER)), List.of()));
    }
    List<byte[]> blocks =
        PemField.all(text, "CERTIFICATE", MAX_BLOCKS, field.path()).stream()
            .map(EkCert::unpadded)
            .toList();
    return Optional.of(new EkCert(blocks.getFirst(), blocks.subList(1, blocks.size())));
  }

  /** PEM, the endorsement key's certificate first: how an agent sends it. */
  public String toPem() {
    StringBuilder pem = new StringBuilder(Pem.encode("CERTIFICATE", der));
    hints.forEach(hint -> pem.append(Pem.encode("CERTIFICATE", hint)));
    return pem.toString();
  }

  /** Base64 of the endorsement key's certificate alone: how a registrar tells it. */
  public Json toRecordJson() {
    return Json.of(Base64.getEncoder().encodeToString(der));
  }

  private static byte[] unpadded(byte[] der) {
    int end = der.length < 4 ? -1 : end(der);
    if (end < 0 || end >= der.length || (der[end] != 0 && der[end] != (byte) 0xff)) {
      return der;
    }
    for (int i = end; i < der.length; i++) {
      if (der[i] != der[end]) {
        return der;
      }
    }
    return Arrays.copyOf(der, end);
  }

  private static void requireSequence(byte[] der) {
    if (der.length < 4 || der.length > MAX_DER || der[0] != 0x30 || end(der) != der.length) {
      throw WireException.malformed("ekcert", "is not one DER certificate");
    }
  }

  /** Where the SEQUENCE ends by its definite length of one to three bytes. */
  private static int end(byte[] der) {
    return switch (der[1] & 0xff) {
      case 0x81 -> 3 + (der[2] & 0xff);
      case 0x82 -> 4 + ((der[2] & 0xff) << 8 | (der[3] & 0xff));
      default -> (der[1] & 0x80) == 0 ? 2 + der[1] : -1;
    };
  }
}
