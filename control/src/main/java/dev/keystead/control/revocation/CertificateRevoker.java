package dev.keystead.control.revocation;

import dev.keystead.control.ca.AuthorityFolder;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.revocation.Revocation;
import dev.keystead.keylime.revocation.SignedRevocation;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Takes back the certificate of a node that failed: the one whose serial number the owner gave as
 * {@code cert_serial} in the node's metadata (section 5 of the wire, last line).
 */
final class CertificateRevoker {
  private static final System.Logger LOG = System.getLogger(CertificateRevoker.class.getName());
  private static final Limits LIMITS = new Limits(256 << 10, 16, 4096, 256 << 10, 64);

  private CertificateRevoker() {}

  /** Whether that is done, or nothing is to be done; otherwise it is to be tried again. */
  static boolean revoke(AuthorityFolder authority, Notice notice) {
    Optional<BigInteger> serial = serial(notice);
    if (serial.isEmpty()) {
      return true;
    }
    try {
      authority.revoke(serial.get());
      return true;
    } catch (IOException | CredentialException e) {
      LOG.log(
          Level.ERROR,
          "the certificate of {0} cannot be revoked yet: {1}",
          notice.subject(),
          e.getMessage());
      return false;
    }
  }

  /** A node that only cannot be reached keeps its certificate. */
  private static Optional<BigInteger> serial(Notice notice) {
    Revocation message =
        Revocation.parse(SignedRevocation.parse(Json.parse(notice.body(), Limits.WIRE)).msg());
    if (message.type() != Revocation.Type.REVOCATION) {
      return Optional.empty();
    }
    Json metadata = Message.parseText(message.metadata(), LIMITS, "meta_data");
    return Message.read(metadata, fields -> fields.optional("cert_serial"))
        .map(field -> {
          if (field.value() instanceof Json.Num number && number.text().matches("[0-9]{1,49}")) {
            return new BigInteger(number.text());
          }
          throw WireException.malformed("cert_serial", "is not a serial number");
        });
  }
}
