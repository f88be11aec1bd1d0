package dev.keystead.evidence.endorsement;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.der.DerReader;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The HardwareModuleName of a certificate's subjectAltName (RFC 4108 section 5).
 *
 * @param type the OID of the kind of hardware
 * @param serial its serial number: text where it is printable, otherwise hex
 */
public record HardwareModule(String type, String serial) {
  private static final String SUBJECT_ALT_NAME = "2.5.29.17";
  private static final String HARDWARE_MODULE_NAME = "1.3.6.1.5.5.7.8.4";
  private static final int OTHER_NAME = 0xa0;
  private static final int EXPLICIT = 0xa0;
  private static final int MAX_SERIAL = 256;

  /** The one that a certificate names; MALFORMED when it cannot be read or there are two. */
  static Optional<HardwareModule> of(X509Certificate certificate, String what) {
    byte[] extension = certificate.getExtensionValue(SUBJECT_ALT_NAME);
    if (extension == null) {
      return Optional.empty();
    }
    DerReader names =
        new DerReader(new DerReader(extension, what).bytes(DerReader.OCTETS), what)
            .enter(DerReader.SEQUENCE);
    Optional<HardwareModule> found = Optional.empty();
    while (names.hasNext()) {
      if (names.peekTag() != OTHER_NAME) {
        names.skip();
        continue;
      }
      DerReader other = names.enter(OTHER_NAME);
      if (!other.oid().equals(HARDWARE_MODULE_NAME)) {
        continue;
      }
      if (found.isPresent()) {
        throw new EvidenceException(Code.MALFORMED, what, "it names two devices");
      }
      DerReader module = other.enter(EXPLICIT).enter(DerReader.SEQUENCE);
      String type = module.oid();
      byte[] serial = module.bytes(DerReader.OCTETS);
      module.end();
      if (serial.length == 0 || serial.length > MAX_SERIAL) {
        throw new EvidenceException(Code.MALFORMED, what, "its serial number");
      }
      found = Optional.of(new HardwareModule(type, text(serial)));
    }
    return found;
  }

  private static String text(byte[] serial) {
    String text = new String(serial, StandardCharsets.ISO_8859_1);
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f)
        ? text
        : HexFormat.of().formatHex(serial);
  }
}
