package dev.keystead.tao.platform;

import dev.keystead.tao.Measurement;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.attestation.PcrMeasurement;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.property.PcrValues;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import java.security.MessageDigest;

/**
 * What some PCRs held when they were read.
 *
 * @param digest SHA-256 over their values, as a quote has it
 */
public record PcrState(PcrSelection selection, byte[] digest) {
  /** Requires a SHA-256. */
  public PcrState {
    if (digest.length != HashAlg.SHA256.size()) {
      throw new IllegalArgumentException("a digest over PCRs has 32 bytes");
    }
  }

  /** Reads them. */
  public static PcrState read(Tpm tpm, PcrSelection selection) throws TpmException {
    PcrValues values = PcrValues.read(tpm, selection);
    MessageDigest digest = HashAlg.SHA256.digest();
    for (PcrSelection.Bank bank : selection.banks()) {
      for (Digest value : values.bank(bank.alg()).values()) {
        digest.update(value.bytes());
      }
    }
    return new PcrState(selection, digest.digest());
  }

  /** What an operating system with these PCRs is measured to be. */
  public Measurement measurement(PolicyKey policyKey) {
    return PcrMeasurement.of(policyKey, selection, digest);
  }

  boolean isSame(PcrState other) {
    return selection.equals(other.selection) && MessageDigest.isEqual(digest, other.digest);
  }
}
