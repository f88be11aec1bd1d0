package dev.keystead.tao.seal;

import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.claims.cbor.CborFields;
import dev.keystead.claims.cose.Signer;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.attestation.Validity;
import java.time.Instant;

/** The owner's verified word that a program may read a key that another program keeps. */
public final class Permission implements Credential {
  /** What the signature is for. */
  static final String CONTEXT = "keystead/permission/1";

  /**
   * One key of one program.
   *
   * @param keeper who keeps it
   * @param name 1 to 64 printable ASCII characters
   */
  public record Key(Measurement keeper, String name) {
    /** Checks the name. */
    public Key {
      if (!name.matches("[\\x21-\\x7e]{1,64}")) {
        throw new IllegalArgumentException("a key's name is 1 to 64 printable ASCII characters");
      }
    }
  }

  private final Measurement measurement;
  private final Key key;
  private final Validity validity;

  private Permission(Measurement measurement, Key key, Validity validity) {
    this.measurement = measurement;
    this.key = key;
    this.validity = validity;
  }

  /** Signs, with the private half of the policy key, that a program may read a key. */
  public static byte[] sign(
      Signer signer, PolicyKey owner, Measurement program, Key key, Validity validity)
      throws CredentialException {
    return SignedWord.sign(
        signer,
        owner,
        CONTEXT,
        validity.put(
            SignedWord.about(program).put(2, Cbor.of(key.name)).put(3, Cbor.of(key.keeper.bytes())),
            7,
            8));
  }

  /**
   * Verifies a permission; whether its time has come is looked at when it is used.
   *
   * @param signed at most 1024 bytes
   */
  public static Permission verify(byte[] signed, PolicyKey owner) throws CredentialException {
    return SignedWord.verify(
        signed,
        owner,
        CONTEXT,
        in -> new Permission(SignedWord.program(in), key(in), Validity.take(in, 7, 8)));
  }

  private static Key key(CborFields in) throws CborException {
    String name = in.text(2, 64);
    return new Key(Measurement.of(in.bytes(3, Measurement.SIZE, Measurement.SIZE)), name);
  }

  @Override
  public Measurement measurement() {
    return measurement;
  }

  /** Whether the owner's word is about this key, and holds at this time. */
  boolean allows(Key wanted, Instant now) {
    return key.equals(wanted) && validity.holdsAt(now);
  }
}
