package dev.keystead.tpm.structure;

/**
 * TPMS_ATTEST (Part 2, 10.12.12): what a TPM says when it attests, whole.
 *
 * @param signer the qualified Name of the signing key
 * @param extraData the caller's qualifying data, at most 64 bytes
 * @param clock clock and counters at the time
 * @param firmwareVersion the TPM maker's version number
 * @param attested what is attested
 */
public record Attest(
    TpmName signer, byte[] extraData, ClockInfo clock, long firmwareVersion, Attested attested) {
  /** TPM_GENERATED_VALUE: restricted keys sign it only over what the TPM made. */
  public static final int MAGIC = 0xff544347;

  /** The attested thing, by type. */
  public sealed interface Attested {}

  /** TPMS_QUOTE_INFO: a digest over the values of the selected PCRs. */
  public record Quoted(PcrSelection selection, byte[] pcrDigest) implements Attested {}

  /** TPMS_CERTIFY_INFO: an object is in this TPM. */
  public record Certified(TpmName name, TpmName qualifiedName) implements Attested {}

  /** TPMS_NV_CERTIFY_INFO: contents of an NV index. */
  public record NvCertified(TpmName index, int offset, byte[] contents) implements Attested {}

  /** TPMS_CREATION_INFO: an object was created by this TPM. */
  public record Created(TpmName name, byte[] creationHash) implements Attested {}

  /** TPMS_TIME_ATTEST_INFO: the TPM's time. */
  public record Timed(long time, ClockInfo clock, long firmwareVersion) implements Attested {}

  /** Parses all of {@code bytes}. */
  public static Attest parse(byte[] bytes) {
    TpmReader in = new TpmReader(bytes);
    int magic = in.i32();
    if (magic != MAGIC) {
      throw new TpmFormatException(
          "magic is 0x%08x, not TPM_GENERATED: no TPM made this".formatted(magic));
    }
    int type = in.u16();
    TpmName signer = TpmName.of(in.sized(66, "qualifiedSigner"));
    byte[] extraData = in.sized(66, "extraData");
    ClockInfo clock = ClockInfo.read(in);
    long firmware = in.u64();
    Attested attested =
        switch (type) {
          case 0x8014 ->
              new NvCertified(TpmName.of(in.sized(66, "index Name")), in.u16(), in.sized());
          case 0x8017 ->
              new Certified(
                  TpmName.of(in.sized(66, "Name")), TpmName.of(in.sized(66, "qualified Name")));
          case 0x8018 -> new Quoted(PcrSelection.read(in), in.sized(64, "pcrDigest"));
          case 0x8019 -> new Timed(in.u64(), ClockInfo.read(in), in.u64());
          case 0x801a ->
              new Created(TpmName.of(in.sized(66, "Name")), in.sized(64, "creation hash"));
          default ->
              throw new TpmFormatException("attestation type 0x%04x is not known".formatted(type));
        };
    in.end("TPMS_ATTEST");
    return new Attest(signer, extraData, clock, firmware, attested);
  }
}
