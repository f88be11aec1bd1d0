package dev.keystead.node.embedded;

import dev.keystead.node.identity.KeyAlgorithms;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.ResponseCode;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmResponseException;
import dev.keystead.tpm.command.ClockSet;
import dev.keystead.tpm.command.Nv;
import dev.keystead.tpm.command.ReadClock;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.endorsement.NvData;
import dev.keystead.tpm.property.TpmProperties;
import dev.keystead.tpm.structure.ClockInfo;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.NvPublic;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.transport.TpmAddress;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A software TPM inside this process (libtpms) with its state in a directory. It is manufactured at
 * its first use: the endorsement key is certified, and the certificate stands where a chip's does.
 *
 * <p>What a TPM keeps in RAM ends with the process: opening it again is a reset. The reset count
 * grows, PCRs begin at zero, and an agent replays its measurement list into it. It protects keys
 * from nobody who can read the directory; its certificate says that it is software.
 */
public final class EmbeddedTpm {
  /** TPMA_NV of a maker's certificate: written by the platform, read by anybody. */
  private static final int CERTIFICATE_ATTRIBUTES = 0x42070001;

  private static final long CLOCK_INTERVAL_MILLIS = 1 << 12;

  private EmbeddedTpm() {}

  /**
   * Opens the TPM in this directory (0700), making it when it is missing.
   *
   * @param algorithms whose endorsement key is certified, if it is not yet; an RSA key takes
   *     libtpms up to some seconds
   * @throws TpmException also when another process has it open
   */
  public static Tpm open(Path directory, TpmMaker maker, KeyAlgorithms algorithms)
      throws TpmException {
    Tpm tpm = new TpmAddress.Embedded(directory).open();
    try {
      setClock(tpm);
      EkTemplate template = algorithms.endorsement();
      if (NvData.read(tpm, template.certificateIndex()).isEmpty()) {
        try (EndorsementKey ek = EndorsementKey.create(tpm, template)) {
          write(tpm, template.certificateIndex(), maker.certify(ek.area()));
        }
      }
      return tpm;
    } catch (TpmException e) {
      tpm.close();
      throw e;
    }
  }

  /**
   * After a process that was killed the clock is behind by up to the interval at which libtpms
   * saves it, and not safe: no verifier would take a quote until it is saved again. Advanced by
   * that interval it is later than whatever was reported before, and safe from then on.
   */
  private static void setClock(Tpm tpm) throws TpmException {
    ClockInfo clock = tpm.execute(new ReadClock()).clock();
    if (!clock.safe()) {
      tpm.execute(
          new ClockSet(Handle.PLATFORM.withEmptyAuth(), clock.clock() + CLOCK_INTERVAL_MILLIS));
    }
  }

  private static void write(Tpm tpm, int index, byte[] certificate) throws TpmException {
    NvPublic area =
        new NvPublic(
            index, HashAlg.SHA256, CERTIFICATE_ATTRIBUTES, new byte[0], certificate.length);
    Handle handle = new Handle(index, area.name());
    try {
      tpm.execute(new Nv.Define(Handle.PLATFORM.withEmptyAuth(), Secret.empty(), area));
    } catch (TpmResponseException e) {
      if (!e.code().is(ResponseCode.NV_DEFINED)) {
        throw e;
      }
      // An earlier manufacture ended between defining and writing.
      tpm.execute(new Nv.Undefine(Handle.PLATFORM.withEmptyAuth(), handle));
      tpm.execute(new Nv.Define(Handle.PLATFORM.withEmptyAuth(), Secret.empty(), area));
    }
    int piece = TpmProperties.read(tpm).nvBufferMax();
    for (int offset = 0; offset < certificate.length; offset += piece) {
      byte[] part =
          Arrays.copyOfRange(certificate, offset, Math.min(offset + piece, certificate.length));
      tpm.execute(new Nv.Write(Handle.PLATFORM.withEmptyAuth(), handle, part, offset));
    }
  }
}
