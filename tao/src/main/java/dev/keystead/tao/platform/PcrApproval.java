package dev.keystead.tao.platform;

import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.claims.cose.Algorithm;
import dev.keystead.claims.cose.CoseException;
import dev.keystead.claims.cose.Signer;
import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmReader;
import dev.keystead.tpm.structure.TpmSignature;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.Arrays;

/**
 * The owner's word to the TPMs: with the PCRs in this state the root of a host may be unsealed. It
 * has no end; what was approved once stays approved for every root under this policy key.
 *
 * @param signature of the policy key, r and s of 32 bytes each
 */
public record PcrApproval(PcrState state, byte[] signature) {
  private static final int MAX_SIZE = 512;

  /** Requires a signature of 64 bytes. */
  public PcrApproval {
    if (signature.length != 2 * EccCurve.P256.size()) {
      throw new IllegalArgumentException("an ECDSA signature on P-256 has 64 bytes");
    }
  }

  /**
   * Approves a state.
   *
   * @param signer the private half of the policy key
   */
  public static PcrApproval sign(Signer signer, PcrState state) throws CoseException {
    if (signer.algorithm() != Algorithm.ES256.id()) {
      throw new IllegalArgumentException("a TPM checks only ECDSA on P-256");
    }
    return new PcrApproval(state, signer.sign(PcrPolicy.toBeSigned(PcrPolicy.pcr(state))));
  }

  /** Parses all of {@code bytes}; the signature is for the TPM to check. */
  public static PcrApproval parse(byte[] bytes) throws CborException {
    if (Cbor.parse(bytes, MAX_SIZE) instanceof Cbor.Array array
        && array.items().size() == 4
        && array.items().get(0).equals(Cbor.of(1))
        && array.items().get(1) instanceof Cbor.Bytes(byte[] selection)
        && array.items().get(2) instanceof Cbor.Bytes(byte[] digest)
        && array.items().get(3) instanceof Cbor.Bytes(byte[] signature)) {
      try {
        TpmReader in = new TpmReader(selection);
        PcrSelection selected = PcrSelection.read(in);
        in.end("TPML_PCR_SELECTION");
        return new PcrApproval(new PcrState(selected, digest), signature);
      } catch (TpmFormatException | IllegalArgumentException e) {
        throw new CborException("the approval: " + e.getMessage());
      }
    }
    throw new CborException("that is no approval of PCRs");
  }

  /** [1, TPML_PCR_SELECTION, digest over the PCRs, signature]. */
  public byte[] encode() {
    TpmWriter selection = new TpmWriter();
    state.selection().write(selection);
    return Cbor.array(
            Cbor.of(1), Cbor.of(selection.toBytes()), Cbor.of(state.digest()), Cbor.of(signature))
        .encode();
  }

  TpmSignature tpmSignature() {
    int size = EccCurve.P256.size();
    return new TpmSignature.Ecdsa(
        HashAlg.SHA256,
        Arrays.copyOf(signature, size),
        Arrays.copyOfRange(signature, size, 2 * size));
  }
}
