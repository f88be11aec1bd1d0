package dev.keystead.tpm.command;

import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.structure.NvPublic;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmReader;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.List;

/**
 * Non-volatile storage (Part 3, 31). The first handle authorizes: a hierarchy or the index itself.
 */
public final class Nv {
  private Nv() {}

  /** TPM2_NV_DefineSpace. */
  public record Define(Authorized hierarchy, Secret auth, NvPublic area) implements Command.Action {
    @Override
    public CommandCode code() {
      return CommandCode.NV_DEFINE_SPACE;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(hierarchy);
    }

    @Override
    public void parameters(TpmWriter out) {
      auth.write(out);
      out.sized(area::write);
    }
  }

  /** TPM2_NV_UndefineSpace. */
  public record Undefine(Authorized hierarchy, Handle index) implements Command.Action {
    @Override
    public CommandCode code() {
      return CommandCode.NV_UNDEFINE_SPACE;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(hierarchy, index);
    }
  }

  /** TPM2_NV_ReadPublic: what the index is; throws when the reported Name is not the area's. */
  public record ReadPublic(int index) implements Command<NvPublic> {
    @Override
    public CommandCode code() {
      return CommandCode.NV_READ_PUBLIC;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(Handle.unnamed(index));
    }

    @Override
    public NvPublic result(Response response) {
      TpmReader in = response.parameters();
      TpmReader inner = in.sizedReader();
      NvPublic area = NvPublic.read(inner);
      inner.end("TPM2B_NV_PUBLIC");
      if (!area.name().equals(TpmName.of(in.sized()))) {
        throw new TpmFormatException("the Name is not the NV public area's");
      }
      return area;
    }
  }

  /** TPM2_NV_Read: at most the TPM's NV buffer at once. */
  public record Read(Authorized authorization, Handle index, int size, int offset)
      implements Command<byte[]> {
    @Override
    public CommandCode code() {
      return CommandCode.NV_READ;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(authorization, index);
    }

    @Override
    public void parameters(TpmWriter out) {
      out.u16(size).u16(offset);
    }

    @Override
    public byte[] result(Response response) {
      return response.parameters().sized(size, "NV data");
    }
  }

  /** TPM2_NV_Write: at most the TPM's NV buffer at once. */
  public record Write(Authorized authorization, Handle index, byte[] data, int offset)
      implements Command.Action {
    @Override
    public CommandCode code() {
      return CommandCode.NV_WRITE;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(authorization, index);
    }

    @Override
    public void parameters(TpmWriter out) {
      out.sized(data).u16(offset);
    }
  }

  /** TPM2_NV_Increment of a counter. */
  public record Increment(Authorized authorization, Handle index) implements Command.Action {
    @Override
    public CommandCode code() {
      return CommandCode.NV_INCREMENT;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(authorization, index);
    }
  }

  /** TPM2_NV_Extend of an index that is extended like a PCR. */
  public record Extend(Authorized authorization, Handle index, byte[] data)
      implements Command.Action {
    @Override
    public CommandCode code() {
      return CommandCode.NV_EXTEND;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(authorization, index);
    }

    @Override
    public void parameters(TpmWriter out) {
      out.sized(data);
    }
  }

  /** TPM2_NV_Certify (31.16): signs contents of an index. */
  public record Certify(
      Authorized key,
      Authorized authorization,
      Handle index,
      byte[] qualifyingData,
      SignatureScheme scheme,
      int size,
      int offset)
      implements Command<Attestation> {
    @Override
    public CommandCode code() {
      return CommandCode.NV_CERTIFY;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(key, authorization, index);
    }

    @Override
    public void parameters(TpmWriter out) {
      out.sized(qualifyingData);
      scheme.write(out);
      out.u16(size).u16(offset);
    }

    @Override
    public Attestation result(Response response) {
      return Attestation.read(response.parameters());
    }
  }
}
