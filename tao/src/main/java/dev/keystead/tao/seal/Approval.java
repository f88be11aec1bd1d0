package dev.keystead.tao.seal;

import dev.keystead.claims.cose.Signer;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.attestation.Validity;
import java.time.Instant;

/** The owner's verified word that a program may open what any approved program has sealed. */
public final class Approval implements Credential {
  /** What the signature is for. */
  static final String CONTEXT = "keystead/approval/1";

  private final Measurement measurement;
  private final Validity validity;

  private Approval(Measurement measurement, Validity validity) {
    this.measurement = measurement;
    this.validity = validity;
  }

  /** Signs, with the private half of the policy key, that a program is approved. */
  public static byte[] sign(Signer signer, PolicyKey owner, Measurement program, Validity validity)
      throws CredentialException {
    return SignedWord.sign(signer, owner, CONTEXT, validity.put(SignedWord.about(program), 7, 8));
  }

  /**
   * Verifies an approval; whether its time has come is looked at when it is used.
   *
   * @param signed at most 1024 bytes
   */
  public static Approval verify(byte[] signed, PolicyKey owner) throws CredentialException {
    return SignedWord.verify(
        signed,
        owner,
        CONTEXT,
        in -> new Approval(SignedWord.program(in), Validity.take(in, 7, 8)));
  }

  @Override
  public Measurement measurement() {
    return measurement;
  }

  /** Whether the owner's word holds at this time. */
  boolean holdsAt(Instant now) {
    return validity.holdsAt(now);
  }
}
