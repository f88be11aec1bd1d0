package dev.keystead.tpm.command;

import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmReader;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.ArrayList;
import java.util.List;

/** Platform configuration registers (Part 3, 22). */
public final class Pcr {
  private Pcr() {}

  /**
   * TPM2_PCR_Read: as many of the selected PCRs as fit into one response; see {@code PcrValues} for
   * all.
   */
  public record Read(PcrSelection selection) implements Command<Pcr.Values> {
    @Override
    public CommandCode code() {
      return CommandCode.PCR_READ;
    }

    @Override
    public void parameters(TpmWriter out) {
      selection.write(out);
    }

    @Override
    public Pcr.Values result(Response response) {
      TpmReader in = response.parameters();
      long updates = in.u32();
      return new Values(updates, PcrSelection.read(in), digests(in));
    }
  }

  /** TPM2_PCR_Extend: digests of different banks. */
  public record Extend(Authorized pcr, List<Digest> digests) implements Command.Action {
    @Override
    public CommandCode code() {
      return CommandCode.PCR_EXTEND;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(pcr);
    }

    @Override
    public void parameters(TpmWriter out) {
      out.u32(digests.size());
      digests.forEach(d -> out.u16(d.alg().id()).bytes(d.bytes()));
    }
  }

  /**
   * TPM2_PCR_Event: the TPM hashes the data, at most 1024 bytes, for every bank and extends them.
   */
  public record Event(Authorized pcr, byte[] data) implements Command<List<Digest>> {
    @Override
    public CommandCode code() {
      return CommandCode.PCR_EVENT;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(pcr);
    }

    @Override
    public void parameters(TpmWriter out) {
      out.sized(data);
    }

    @Override
    public List<Digest> result(Response response) {
      TpmReader in = response.parameters();
      long count = in.u32();
      if (count > MAX_BANKS) {
        throw new TpmFormatException(count + " banks");
      }
      List<Digest> digests = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        HashAlg alg = HashAlg.of(in.u16());
        digests.add(Digest.of(alg, in.bytes(alg.size())));
      }
      return List.copyOf(digests);
    }
  }

  /** TPM2_PCR_Reset, for the PCRs that allow it: 16 and 23. */
  public record Reset(Authorized pcr) implements Command.Action {
    @Override
    public CommandCode code() {
      return CommandCode.PCR_RESET;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(pcr);
    }
  }

  private static final int MAX_BANKS = 16;
  private static final int MAX_DIGESTS = 8;

  /**
   * Values read at once.
   *
   * @param updates counts changes of any PCR
   * @param selection which PCRs the digests are of, bank by bank, ascending
   */
  public record Values(long updates, PcrSelection selection, List<byte[]> digests) {}

  private static List<byte[]> digests(TpmReader in) {
    long count = in.u32();
    if (count > MAX_DIGESTS) {
      throw new TpmFormatException("a list of " + count + " digests");
    }
    List<byte[]> digests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      digests.add(in.sized(64, "a digest"));
    }
    return List.copyOf(digests);
  }
}
