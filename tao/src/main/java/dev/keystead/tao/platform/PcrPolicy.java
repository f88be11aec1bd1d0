package dev.keystead.tao.platform;

import dev.keystead.tao.PolicyKey;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.structure.EccCurve;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.ObjectAttributes;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmSignature;
import dev.keystead.tpm.structure.TpmWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Digests of the policies under which a TPM keeps a host's root, computed as a TPM does. */
final class PcrPolicy {
  /** What the owner's signature under a policy is for; the policyRef of PolicyAuthorize. */
  private static final byte[] REF = "keystead/pcr-approval/1".getBytes(StandardCharsets.US_ASCII);

  private PcrPolicy() {}

  static byte[] ref() {
    return REF.clone();
  }

  /** PolicyPCR (Part 3, 23.7): the PCRs are in exactly this state. */
  static byte[] pcr(PcrState state) {
    TpmWriter out = new TpmWriter();
    out.bytes(new byte[HashAlg.SHA256.size()]).u32(CommandCode.POLICY_PCR.value());
    state.selection().write(out);
    return HashAlg.SHA256.hash(out.bytes(state.digest()).toBytes());
  }

  /** PolicyAuthorize (Part 3, 23.16): any policy that the policy key has signed. */
  static byte[] authorized(PolicyKey policyKey) {
    TpmWriter out = new TpmWriter();
    out.bytes(new byte[HashAlg.SHA256.size()]).u32(CommandCode.POLICY_AUTHORIZE.value());
    byte[] key = HashAlg.SHA256.hash(out.bytes(area(policyKey).name().bytes()).toBytes());
    return HashAlg.SHA256.hash(key, REF);
  }

  /** What the policy key signs to approve a policy; the TPM hashes it with SHA-256. */
  static byte[] toBeSigned(byte[] approved) {
    return new TpmWriter().bytes(approved).bytes(REF).toBytes();
  }

  /** The policy key as a TPM's object. */
  static TpmPublic area(PolicyKey policyKey) {
    return new TpmPublic(
        HashAlg.SHA256,
        new ObjectAttributes(ObjectAttributes.SIGN | ObjectAttributes.USER_WITH_AUTH),
        new byte[0],
        new TpmPublic.Ecc(
            Optional.empty(),
            TpmSignature.ECDSA,
            Optional.of(HashAlg.SHA256),
            EccCurve.P256,
            fixed(policyKey.key().getW().getAffineX()),
            fixed(policyKey.key().getW().getAffineY())));
  }

  private static byte[] fixed(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[EccCurve.P256.size()];
    int from = Math.max(0, bytes.length - fixed.length);
    byte[] significant = Arrays.copyOfRange(bytes, from, bytes.length);
    System.arraycopy(significant, 0, fixed, fixed.length - significant.length, significant.length);
    return fixed;
  }
}
