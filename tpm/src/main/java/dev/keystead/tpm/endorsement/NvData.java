package dev.keystead.tpm.endorsement;

import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.ResponseCode;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmResponseException;
import dev.keystead.tpm.command.Nv;
import dev.keystead.tpm.property.TpmProperties;
import dev.keystead.tpm.structure.NvPublic;
import java.util.Optional;

/** The whole content of NV indices, read piece by piece. */
public final class NvData {
  /** Far above any certificate, far below what would harm. */
  private static final int MAX_SIZE = 16384;

  private NvData() {}

  /**
   * The content of an index that anybody may read by its own empty authorization value or the
   * owner's; empty when there is no such index or nothing was ever written to it.
   */
  public static Optional<byte[]> read(Tpm tpm, int index) throws TpmException {
    NvPublic area;
    try {
      area = tpm.execute(new Nv.ReadPublic(index));
    } catch (TpmResponseException e) {
      if (e.code().is(ResponseCode.HANDLE)) {
        return Optional.empty();
      }
      throw e;
    }
    return area.has(NvPublic.WRITTEN) ? Optional.of(content(tpm, area)) : Optional.empty();
  }

  private static byte[] content(Tpm tpm, NvPublic area) throws TpmException {
    if (area.size() > MAX_SIZE) {
      throw new TpmException(
          "NV index 0x%08x of %d bytes is too large".formatted(area.index(), area.size()));
    }
    Handle index = new Handle(area.index(), area.name());
    Authorized reader =
        area.has(NvPublic.AUTH_READ) ? index.withEmptyAuth() : Handle.OWNER.withEmptyAuth();
    int piece = TpmProperties.read(tpm).nvBufferMax();
    byte[] content = new byte[area.size()];
    for (int offset = 0; offset < content.length; offset += piece) {
      int size = Math.min(piece, content.length - offset);
      byte[] bytes = tpm.execute(new Nv.Read(reader, index, size, offset));
      if (bytes.length != size) {
        throw new TpmException(
            "NV index 0x%08x: %d bytes instead of %d".formatted(area.index(), bytes.length, size));
      }
      System.arraycopy(bytes, 0, content, offset, size);
    }
    return content;
  }
}
