package dev.keystead.tao.attestation;

import dev.keystead.claims.Sha256;
import dev.keystead.claims.TaoName;
import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.claims.cbor.CborFields;
import dev.keystead.claims.cbor.CborMap;
import dev.keystead.claims.cose.VerifyingKey;
import java.util.Arrays;

/**
 * The owner's word that a key is the attestation key of a host: the report's {@code cert(PK, host
 * identifier)} signed by the policy key.
 *
 * @param domain the digest of the policy key, 32 bytes
 * @param role what the key may sign
 * @param host the host's name
 * @param spki the key's DER SubjectPublicKeyInfo
 */
record RootCertificate(byte[] domain, Role role, TaoName host, byte[] spki, Validity validity) {
  /** What the signature is for. */
  static final String CONTEXT = "keystead/attest-certificate/1";

  private static final int VERSION = 1;
  private static final int MAX_NAME = 1024;

  /** Whose key it is, which says what signatures of it mean. */
  enum Role {
    /** A TPM's restricted key: only its quotes count. */
    PLATFORM("platform"),
    /** A key in the memory of a host that is a program itself: only its plain signatures count. */
    HOST("host");

    private final String text;

    Role(String text) {
      this.text = text;
    }

    private static Role of(String text) throws CborException {
      return Arrays.stream(values())
          .filter(role -> role.text.equals(text))
          .findFirst()
          .orElseThrow(() -> new CborException("a certificate for an unknown role"));
    }
  }

  /** Requires that role and name fit: a platform is a TPM alone, any other host is on one. */
  RootCertificate {
    boolean platform = host.segments().size() == 1 && host.last().kind().equals(TaoName.TPM);
    if (platform != (role == Role.PLATFORM) || (!platform && host.segments().size() == 1)) {
      throw new IllegalArgumentException("a " + role.text + " can't be called " + host);
    }
  }

  byte[] encode() {
    CborMap map =
        new CborMap()
            .put(1, Cbor.of(VERSION))
            .put(2, Cbor.of(role.text))
            .put(3, Cbor.of(host.text()))
            .put(4, Cbor.of(spki));
    return validity.put(map, 7, 8).put(10, Cbor.of(domain)).encode();
  }

  static RootCertificate parse(byte[] bytes) throws CborException {
    CborFields in = CborFields.parse(bytes, 4096, "the certificate");
    if (in.uint(1) != VERSION) {
      throw new CborException("a certificate of an unknown version");
    }
    try {
      Role role = Role.of(in.text(2, 16));
      TaoName host = TaoName.parse(in.text(3, MAX_NAME));
      byte[] spki = in.bytes(4, 1, VerifyingKey.MAX_SPKI);
      Validity validity = Validity.take(in, 7, 8);
      byte[] domain = in.bytes(10, Sha256.SIZE, Sha256.SIZE);
      in.end();
      return new RootCertificate(domain, role, host, spki, validity);
    } catch (IllegalArgumentException e) {
      throw new CborException("the certificate: " + e.getMessage());
    }
  }
}
