package dev.keystead.tao.platform;

import dev.keystead.claims.Segment;
import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmObject;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.template.EkTemplate;

/**
 * What the owner needs to certify a TPM: the public areas of its endorsement key and of its
 * attestation key. Nothing in it is to be believed.
 */
public record PlatformRequest(TpmPublic endorsementKey, TpmPublic attestationKey) {
  private static final int MAX_SIZE = 2048;

  /** Asks a TPM. */
  public static PlatformRequest of(Tpm tpm, EkTemplate template) throws TpmException {
    TpmPublic endorsement;
    try (EndorsementKey key = EndorsementKey.create(tpm, template)) {
      endorsement = key.area();
    }
    try (TpmObject key = AttestationKey.open(tpm)) {
      return new PlatformRequest(endorsement, key.area());
    }
  }

  /** Parses all of {@code bytes}. */
  public static PlatformRequest parse(byte[] bytes) throws CborException {
    if (Cbor.parse(bytes, MAX_SIZE) instanceof Cbor.Array array
        && array.items().size() == 3
        && array.items().get(0).equals(Cbor.of(1))
        && array.items().get(1) instanceof Cbor.Bytes(byte[] endorsement)
        && array.items().get(2) instanceof Cbor.Bytes(byte[] attestation)) {
      try {
        return new PlatformRequest(TpmPublic.parse(endorsement), TpmPublic.parse(attestation));
      } catch (TpmFormatException e) {
        throw new CborException("the platform's keys: " + e.getMessage());
      }
    }
    throw new CborException("that is no platform's request");
  }

  /** [1, TPMT_PUBLIC of the endorsement key, TPMT_PUBLIC of the attestation key]. */
  public byte[] encode() {
    return Cbor.array(
            Cbor.of(1), Cbor.of(endorsementKey.toBytes()), Cbor.of(attestationKey.toBytes()))
        .encode();
  }

  /** What the TPM is called, and stands as on the owner's list. */
  public Segment platform() {
    return AttestationKey.platform(endorsementKey);
  }
}
