package dev.keystead.tao.attestation;

import dev.keystead.claims.Segment;
import dev.keystead.claims.Sha256;
import dev.keystead.claims.TaoName;
import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.claims.cbor.CborFields;
import dev.keystead.claims.cbor.CborMap;
import dev.keystead.claims.cose.CoseException;
import dev.keystead.claims.cose.Sign1;
import dev.keystead.claims.cose.Signer;
import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.AttestRequest;
import dev.keystead.tao.Attestation;
import java.util.Optional;

/**
 * What a host says about a program on it: the payload of an attestation.
 *
 * @param domain the digest of the policy key, 32 bytes
 * @param issuer the host's name
 * @param program what was measured: the segment by which the program's name is longer
 * @param request what the program said
 * @param validity when this holds
 * @param boot 16 bytes that are the same until the host starts again
 */
public record Statement(
    byte[] domain,
    TaoName issuer,
    Segment program,
    AttestRequest request,
    Validity validity,
    byte[] boot) {
  /** What the signature is for. */
  static final String CONTEXT = "keystead/attestation/1";

  /** Bytes of a boot id. */
  public static final int BOOT_SIZE = 16;

  private static final int VERSION = 1;
  private static final int MAX_NAME = 1024;

  /** The program's name. */
  public TaoName name() {
    return issuer.child(program);
  }

  /**
   * The statement signed, with the signing key's certificate beside it.
   *
   * @throws CoseException NOT_SIGNED
   */
  public Attestation signed(Signer signer, AttestCertificate certificate) throws CoseException {
    Cbor.Map unprotected =
        new CborMap().put(Certificates.LABEL, Cbor.of(certificate.bytes())).toCbor();
    return new Attestation(Sign1.sign(signer, CONTEXT, encode(), unprotected).encode());
  }

  byte[] encode() {
    CborMap map =
        new CborMap()
            .put(1, Cbor.of(VERSION))
            .put(2, Cbor.of(request.context()))
            .put(3, Cbor.of(issuer.text()))
            .put(4, Cbor.of(program.text()))
            .put(5, Cbor.of(request.data()));
    request.nonce().ifPresent(nonce -> map.put(6, Cbor.of(nonce)));
    return validity.put(map, 7, 8).put(9, Cbor.of(boot)).put(10, Cbor.of(domain)).encode();
  }

  static Statement parse(byte[] bytes) throws CborException {
    CborFields in = CborFields.parse(bytes, Attestation.MAX_SIZE, "the statement");
    if (in.uint(1) != VERSION) {
      throw new CborException("a statement of an unknown version");
    }
    try {
      String context = in.text(2, AttestRequest.MAX_CONTEXT);
      TaoName issuer = TaoName.parse(in.text(3, MAX_NAME));
      Segment program = Segment.parse(in.text(4, MAX_NAME));
      byte[] data = in.bytes(5, 0, AttestRequest.MAX_DATA);
      Optional<byte[]> nonce =
          in.optionalBytes(6, AttestRequest.MIN_NONCE, AttestRequest.MAX_NONCE);
      Validity validity = Validity.take(in, 7, 8);
      byte[] boot = in.bytes(9, BOOT_SIZE, BOOT_SIZE);
      byte[] domain = in.bytes(10, Sha256.SIZE, Sha256.SIZE);
      in.end();
      AttestRequest request = new AttestRequest(context, data, nonce);
      Statement statement = new Statement(domain, issuer, program, request, validity, boot);
      statement.name();
      return statement;
    } catch (IllegalArgumentException e) {
      throw new CborException("the statement: " + e.getMessage());
    }
  }
}
