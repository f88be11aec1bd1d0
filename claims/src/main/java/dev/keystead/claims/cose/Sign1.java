package dev.keystead.claims.cose;

import dev.keystead.claims.KeyPrincipal;
import dev.keystead.claims.Sha256;
import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.claims.cbor.CborFields;
import dev.keystead.claims.cbor.CborMap;
import dev.keystead.claims.cose.CoseException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A COSE_Sign1 (RFC 9052, 4.2), tagged. Its protected header says algorithm and key and nothing
 * else. What it is for is not in it: signer and verifier both put that context into the signature
 * as external additional authenticated data, so a signature for one purpose is none for another.
 *
 * @param algorithm the COSE algorithm
 * @param keyId who signed
 * @param unprotected what travels along without being signed
 * @param payload what is signed
 */
public record Sign1(
    long algorithm, KeyPrincipal keyId, Cbor.Map unprotected, byte[] payload, byte[] signature) {
  /** No unprotected header. */
  public static final Cbor.Map NONE = new Cbor.Map(List.of());

  private static final long TAG = 18;
  private static final long ALG = 1;
  private static final long KID = 4;
  private static final int MAX_HEADER = 64;

  /** Signs {@code payload} in a context. */
  public static Sign1 sign(Signer signer, String context, byte[] payload, Cbor.Map unprotected)
      throws CoseException {
    byte[] toBeSigned =
        toBeSigned(header(signer.algorithm(), signer.principal()), context, payload);
    return new Sign1(
        signer.algorithm(), signer.principal(), unprotected, payload, signer.sign(toBeSigned));
  }

  /**
   * Parses all of {@code bytes}; nothing is verified by that.
   *
   * @throws CoseException MALFORMED
   */
  public static Sign1 parse(byte[] bytes, int maxSize) throws CoseException {
    try {
      if (Cbor.parse(bytes, maxSize) instanceof Cbor.Tag(long tag, Cbor item)
          && tag == TAG
          && item instanceof Cbor.Array array
          && array.items().size() == 4
          && array.items().get(0) instanceof Cbor.Bytes(byte[] header)
          && array.items().get(1) instanceof Cbor.Map unprotected
          && array.items().get(2) instanceof Cbor.Bytes(byte[] payload)
          && array.items().get(3) instanceof Cbor.Bytes(byte[] signature)) {
        CborFields fields = CborFields.parse(header, MAX_HEADER, "the protected header");
        long algorithm = fields.integer(ALG);
        byte[] kid = fields.bytes(KID, Sha256.SIZE, Sha256.SIZE);
        fields.end();
        return new Sign1(algorithm, KeyPrincipal.ofDigest(kid), unprotected, payload, signature);
      }
    } catch (CborException e) {
      throw new CoseException(Reason.MALFORMED, "no COSE_Sign1: " + e.getMessage(), e);
    }
    throw new CoseException(Reason.MALFORMED, "that is no COSE_Sign1");
  }

  /** The encoding. */
  public byte[] encode() {
    return new Cbor.Tag(
            TAG,
            Cbor.array(
                Cbor.of(header(algorithm, keyId)),
                unprotected,
                Cbor.of(payload),
                Cbor.of(signature)))
        .encode();
  }

  /** The Sig_structure (RFC 9052, 4.4) in this context. */
  public byte[] toBeSigned(String context) {
    return toBeSigned(header(algorithm, keyId), context, payload);
  }

  private static byte[] toBeSigned(byte[] header, String context, byte[] payload) {
    return Cbor.array(
            Cbor.of("Signature1"),
            Cbor.of(header),
            Cbor.of(context.getBytes(StandardCharsets.US_ASCII)),
            Cbor.of(payload))
        .encode();
  }

  private static byte[] header(long algorithm, KeyPrincipal keyId) {
    return new CborMap().put(ALG, Cbor.of(algorithm)).put(KID, Cbor.of(keyId.digest())).encode();
  }
}
