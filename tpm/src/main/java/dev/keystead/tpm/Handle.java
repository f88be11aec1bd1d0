package dev.keystead.tpm;

import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmName;
import java.util.HexFormat;

/**
 * TPM_HANDLE (Part 2, 7) of an entity together with the entity's Name. Sessions authorize Names,
 * not handles: if another object sits behind the handle than the caller believes, the HMAC fails.
 */
public record Handle(int value, TpmName name) implements CommandHandle {
  /** TPM_RH_OWNER, the storage hierarchy. */
  public static final Handle OWNER = named(0x40000001);

  /** TPM_RH_NULL, the hierarchy that changes with each reset. */
  public static final Handle NULL = named(0x40000007);

  /** TPM_RH_LOCKOUT. */
  public static final Handle LOCKOUT = named(0x4000000a);

  /** TPM_RH_ENDORSEMENT. */
  public static final Handle ENDORSEMENT = named(0x4000000b);

  /** TPM_RH_PLATFORM. */
  public static final Handle PLATFORM = named(0x4000000c);

  private static Handle named(int value) {
    return new Handle(value, TpmName.ofHandle(value));
  }

  /** A PCR, 0 to 23. */
  public static Handle pcr(int index) {
    if (index < 0 || index > 23) {
      throw new TpmFormatException("there is no PCR " + index);
    }
    return named(index);
  }

  /** A session; its Name is its handle. */
  public static Handle session(int value) {
    return named(value);
  }

  /**
   * An entity whose Name is not known yet, for the commands that read it (ReadPublic,
   * NV_ReadPublic) without any session that would authorize it.
   */
  public static Handle unnamed(int value) {
    return new Handle(value, TpmName.of(new byte[0]));
  }

  /** Used with an empty authorization value. */
  public Authorized withEmptyAuth() {
    return withPassword(Secret.empty());
  }

  /** Used with its authorization value, which crosses to the TPM in clear. */
  public Authorized withPassword(Secret auth) {
    return new Authorized(this, Session.PASSWORD, auth);
  }

  /** Used through an HMAC or policy session, for an entity whose authorization value is empty. */
  public Authorized with(Session session) {
    return new Authorized(this, session, Secret.empty());
  }

  /** Used through an HMAC or policy session, with the entity's authorization value. */
  public Authorized with(Session session, Secret auth) {
    return new Authorized(this, session, auth);
  }

  @Override
  public Handle handle() {
    return this;
  }

  @Override
  public String toString() {
    return "0x" + HexFormat.of().toHexDigits(value);
  }
}
