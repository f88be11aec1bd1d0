package dev.keystead.tao.attestation;

import dev.keystead.claims.Segment;
import dev.keystead.claims.Sha256;
import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.claims.cbor.CborFields;
import dev.keystead.claims.cbor.CborMap;

/**
 * The owner's word that a program, by its measurement, is a host: what it attests about the
 * programs on it is to be believed.
 *
 * @param domain the digest of the policy key, 32 bytes
 * @param host the segment of the host's name that says what it is
 */
record Endorsement(byte[] domain, Segment host, Validity validity) {
  /** What the signature is for. */
  static final String CONTEXT = "keystead/host-endorsement/1";

  private static final int VERSION = 1;

  byte[] encode() {
    CborMap map = new CborMap().put(1, Cbor.of(VERSION)).put(4, Cbor.of(host.text()));
    return validity.put(map, 7, 8).put(10, Cbor.of(domain)).encode();
  }

  static Endorsement parse(byte[] bytes) throws CborException {
    CborFields in = CborFields.parse(bytes, 1024, "the endorsement");
    if (in.uint(1) != VERSION) {
      throw new CborException("an endorsement of an unknown version");
    }
    try {
      Segment host = Segment.parse(in.text(4, 128));
      Validity validity = Validity.take(in, 7, 8);
      byte[] domain = in.bytes(10, Sha256.SIZE, Sha256.SIZE);
      in.end();
      return new Endorsement(domain, host, validity);
    } catch (IllegalArgumentException e) {
      throw new CborException("the endorsement: " + e.getMessage());
    }
  }
}
