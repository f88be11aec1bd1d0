package dev.keystead.tao.attestation;

import dev.keystead.claims.Segment;
import dev.keystead.claims.Sha256;
import dev.keystead.claims.TaoName;
import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.claims.cose.CoseException;
import dev.keystead.claims.cose.P256;
import dev.keystead.claims.cose.VerifyingKey;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.attestation.AttestationException.Reason;
import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.ClockInfo;
import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmSignature;
import dev.keystead.tpm.structure.TpmWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The signature of a TPM under a statement. A restricted key signs nothing but what the TPM says
 * itself, so the TPM quotes its PCRs with the SHA-256 of the Sig_structure as qualifying data. The
 * signature field is the CBOR array of TPMS_ATTEST and of the ECDSA signature over it.
 *
 * @param attest TPMS_ATTEST
 * @param signature r and s, 32 bytes each, s in its lower half
 */
public record TpmQuote(byte[] attest, byte[] signature) {
  /**
   * The COSE algorithm, private to us: ES256 over a TPM 2.0 quote that covers the Sig_structure.
   */
  public static final long ALGORITHM = -65794;

  private static final int MAX_SIZE = 1024;

  /**
   * From what the TPM returned.
   *
   * @throws IllegalArgumentException when it is not a signature by ECDSA with SHA-256 on P-256
   */
  public static TpmQuote of(byte[] attest, TpmSignature signature) {
    if (!(signature instanceof TpmSignature.Ecdsa(HashAlg hash, byte[] r, byte[] s))
        || hash != HashAlg.SHA256
        || r.length > EccCurve.P256.size()
        || s.length > EccCurve.P256.size()) {
      throw new IllegalArgumentException("the TPM did not sign by ECDSA with SHA-256 on P-256");
    }
    byte[] both = new byte[2 * EccCurve.P256.size()];
    System.arraycopy(r, 0, both, EccCurve.P256.size() - r.length, r.length);
    System.arraycopy(s, 0, both, both.length - s.length, s.length);
    return new TpmQuote(attest, P256.lower(both));
  }

  /** What a TPM must be given as qualifying data to sign this Sig_structure. */
  public static byte[] qualifyingData(byte[] toBeSigned) {
    return Sha256.of(toBeSigned);
  }

  /** A boot of a platform: the TPM counts its resets and restarts. */
  public static byte[] boot(TaoName platform, ClockInfo clock) {
    byte[] counts = new TpmWriter().u32(clock.resetCount()).u32(clock.restartCount()).toBytes();
    byte[] name = platform.text().getBytes(StandardCharsets.US_ASCII);
    return Arrays.copyOf(Sha256.of(counts, name), Statement.BOOT_SIZE);
  }

  /** The signature field. */
  public byte[] encode() {
    return Cbor.array(Cbor.of(attest), Cbor.of(signature)).encode();
  }

  static TpmQuote parse(byte[] bytes) throws CborException {
    if (Cbor.parse(bytes, MAX_SIZE) instanceof Cbor.Array array
        && array.items().size() == 2
        && array.items().get(0) instanceof Cbor.Bytes(byte[] attest)
        && array.items().get(1) instanceof Cbor.Bytes(byte[] signature)) {
      return new TpmQuote(attest, signature);
    }
    throw new CborException("that is no TPM's quote");
  }

  /** Requires that {@code key} made this quote, over this Sig_structure, and of what is stated. */
  void check(VerifyingKey key, byte[] toBeSigned, Statement statement, PolicyKey policyKey)
      throws AttestationException, CoseException {
    key.check(attest, signature);
    Attest parsed;
    try {
      parsed = Attest.parse(attest);
    } catch (TpmFormatException e) {
      throw new AttestationException(Reason.MALFORMED, "the quote: " + e.getMessage(), e);
    }
    if (!(parsed.attested() instanceof Attest.Quoted quoted)) {
      throw new AttestationException(Reason.WRONG_QUOTE, "a TPM's statement that is no quote");
    }
    Segment measured =
        PcrMeasurement.of(policyKey, quoted.selection(), quoted.pcrDigest()).segment(TaoName.LINUX);
    if (!MessageDigest.isEqual(parsed.extraData(), qualifyingData(toBeSigned))) {
      throw new AttestationException(Reason.BAD_SIGNATURE, "a quote over another statement");
    }
    if (!measured.equals(statement.program())) {
      throw new AttestationException(Reason.WRONG_QUOTE, "the PCRs are not what is stated");
    }
    if (!Arrays.equals(boot(statement.issuer(), parsed.clock()), statement.boot())) {
      throw new AttestationException(Reason.WRONG_QUOTE, "a quote of another boot");
    }
  }
}
