package dev.keystead.tao.attestation;

import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.claims.cose.Sign1;
import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.Attestation;

/** The two forms of an attest certificate. */
sealed interface Certificates {
  /** Signed by the policy key. */
  record Root(byte[] signed) implements Certificates {}

  /** The host's key as the host below attests it, and the owner's word on the host's program. */
  record Hosted(Attestation key, HostEndorsement endorsement) implements Certificates {}

  /** Where a certificate travels with an attestation: a private label of the unprotected header. */
  long LABEL = -65793;

  /** [1, root] or [2, attestation, endorsement]. */
  default AttestCertificate encode() {
    Cbor item =
        switch (this) {
          case Root(byte[] signed) -> Cbor.array(Cbor.of(1), Cbor.of(signed));
          case Hosted(Attestation key, HostEndorsement endorsement) ->
              Cbor.array(Cbor.of(2), Cbor.of(key.bytes()), Cbor.of(endorsement.bytes()));
        };
    return new AttestCertificate(item.encode());
  }

  static Certificates parse(AttestCertificate certificate) throws CborException {
    if (Cbor.parse(certificate.bytes(), AttestCertificate.MAX_SIZE) instanceof Cbor.Array array) {
      var items = array.items();
      if (items.size() == 2
          && items.get(0).equals(Cbor.of(1))
          && items.get(1) instanceof Cbor.Bytes(byte[] signed)) {
        return new Root(signed);
      }
      if (items.size() == 3
          && items.get(0).equals(Cbor.of(2))
          && items.get(1) instanceof Cbor.Bytes(byte[] key)
          && items.get(2) instanceof Cbor.Bytes(byte[] endorsement)
          && key.length > 0
          && endorsement.length > 0
          && endorsement.length <= HostEndorsement.MAX_SIZE) {
        return new Hosted(new Attestation(key), new HostEndorsement(endorsement));
      }
    }
    throw new CborException("that is no attest certificate");
  }

  /** The certificate that travels with a signed statement. */
  static AttestCertificate of(Sign1 message) throws CborException {
    var entries = message.unprotected().entries();
    if (entries.size() == 1
        && entries.get(0).key().equals(Cbor.of(LABEL))
        && entries.get(0).value() instanceof Cbor.Bytes(byte[] bytes)
        && bytes.length > 0
        && bytes.length <= AttestCertificate.MAX_SIZE) {
      return new AttestCertificate(bytes);
    }
    throw new CborException("an attestation without a certificate");
  }
}
