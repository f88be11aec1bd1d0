package dev.keystead.tpm;

/**
 * TPM_CC (Part 2, 6.5) with what the framing of the command needs to know: whether the first
 * parameter in or out is a TPM2B, which is what a session can encrypt, and whether the response
 * returns a handle.
 */
public enum CommandCode {
  EVICT_CONTROL(0x120, 0),
  NV_UNDEFINE_SPACE(0x122, 0),
  CLEAR(0x126, 0),
  CLOCK_SET(0x128, 0),
  NV_DEFINE_SPACE(0x12a, Flag.IN),
  CREATE_PRIMARY(0x131, Flag.IN | Flag.OUT | Flag.HANDLE),
  NV_INCREMENT(0x134, 0),
  NV_EXTEND(0x136, Flag.IN),
  NV_WRITE(0x137, Flag.IN),
  PCR_EVENT(0x13c, Flag.IN),
  PCR_RESET(0x13d, 0),
  SELF_TEST(0x143, 0),
  STARTUP(0x144, 0),
  SHUTDOWN(0x145, 0),
  ACTIVATE_CREDENTIAL(0x147, Flag.IN | Flag.OUT),
  CERTIFY(0x148, Flag.IN | Flag.OUT),
  POLICY_NV(0x149, Flag.IN),
  NV_READ(0x14e, Flag.OUT),
  POLICY_SECRET(0x151, Flag.IN | Flag.OUT),
  CREATE(0x153, Flag.IN | Flag.OUT),
  LOAD(0x157, Flag.IN | Flag.OUT | Flag.HANDLE),
  QUOTE(0x158, Flag.IN | Flag.OUT),
  SIGN(0x15d, Flag.IN),
  UNSEAL(0x15e, Flag.OUT),
  CONTEXT_LOAD(0x161, Flag.HANDLE),
  CONTEXT_SAVE(0x162, 0),
  FLUSH_CONTEXT(0x165, 0),
  LOAD_EXTERNAL(0x167, Flag.IN | Flag.OUT | Flag.HANDLE),
  MAKE_CREDENTIAL(0x168, Flag.IN | Flag.OUT),
  NV_READ_PUBLIC(0x169, Flag.OUT),
  POLICY_AUTHORIZE(0x16a, Flag.IN),
  POLICY_AUTH_VALUE(0x16b, 0),
  POLICY_COMMAND_CODE(0x16c, 0),
  POLICY_OR(0x171, 0),
  READ_PUBLIC(0x173, Flag.OUT),
  START_AUTH_SESSION(0x176, Flag.IN | Flag.HANDLE),
  VERIFY_SIGNATURE(0x177, Flag.IN),
  GET_CAPABILITY(0x17a, 0),
  GET_RANDOM(0x17b, Flag.OUT),
  GET_TEST_RESULT(0x17c, Flag.OUT),
  PCR_READ(0x17e, 0),
  POLICY_PCR(0x17f, Flag.IN),
  READ_CLOCK(0x181, 0),
  PCR_EXTEND(0x182, 0),
  NV_CERTIFY(0x184, Flag.IN | Flag.OUT),
  POLICY_GET_DIGEST(0x189, Flag.OUT);

  private static final class Flag {
    static final int IN = 1;
    static final int OUT = 2;
    static final int HANDLE = 4;
  }

  private final int value;
  private final int flags;

  CommandCode(int value, int flags) {
    this.value = value;
    this.flags = flags;
  }

  /** The TPM_CC. */
  public int value() {
    return value;
  }

  /** Whether a session can encrypt the first parameter on its way to the TPM. */
  public boolean encryptsCommand() {
    return (flags & Flag.IN) != 0;
  }

  /** Whether a session can encrypt the first parameter on its way back. */
  public boolean encryptsResponse() {
    return (flags & Flag.OUT) != 0;
  }

  /** Whether the response begins with a handle. */
  public boolean returnsHandle() {
    return (flags & Flag.HANDLE) != 0;
  }

  /** The name in the specification: {@code TPM2_CREATE_PRIMARY}. */
  public String label() {
    return "TPM2_" + name();
  }
}
