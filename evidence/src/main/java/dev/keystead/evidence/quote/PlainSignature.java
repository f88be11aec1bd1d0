package dev.keystead.evidence.quote;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.der.DerReader;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmSignature;
import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/**
 * Signatures as other tools write them, without TPMT_SIGNATURE's header: for RSA the bare number,
 * for ECDSA the DER sequence of r and s.
 */
public final class PlainSignature {
  private static final int MAX_DER = 256;

  private PlainSignature() {}

  /**
   * Reads a signature by {@code key} that is plain or a TPMT_SIGNATURE; their sizes and first bytes
   * tell them apart. A plain one is taken to be of {@code scheme} and {@code hash}.
   *
   * @throws EvidenceException with MALFORMED when it is neither
   */
  public static TpmSignature parse(byte[] bytes, QuoteKey key, Scheme scheme, HashAlg hash) {
    return switch (key.publicKey()) {
      case RSAPublicKey rsa when bytes.length == (rsa.getModulus().bitLength() + 7) / 8 ->
          scheme == Scheme.RSAPSS
              ? new TpmSignature.RsaPss(hash, bytes)
              : new TpmSignature.RsaSsa(hash, bytes);
      case ECPublicKey _ when bytes.length > 0 && bytes[0] == DerReader.SEQUENCE ->
          ecdsa(bytes, hash);
      default -> structure(bytes);
    };
  }

  private static TpmSignature structure(byte[] bytes) {
    try {
      return TpmSignature.parse(bytes);
    } catch (TpmFormatException e) {
      throw malformed("neither TPMT_SIGNATURE nor a plain signature: " + e.getMessage());
    }
  }

  private static TpmSignature ecdsa(byte[] der, HashAlg hash) {
    if (der.length > MAX_DER) {
      throw malformed(der.length + " bytes");
    }
    DerReader in = new DerReader(der, "signature");
    DerReader pair = in.enter(DerReader.SEQUENCE);
    in.end();
    byte[] r = magnitude(pair.unsigned());
    byte[] s = magnitude(pair.unsigned());
    pair.end();
    return new TpmSignature.Ecdsa(hash, r, s);
  }

  private static byte[] magnitude(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return bytes[0] == 0 && bytes.length > 1
        ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length)
        : bytes;
  }

  private static EvidenceException malformed(String detail) {
    return new EvidenceException(Code.MALFORMED, "signature", detail);
  }
}
