package dev.keystead.tpm.command;

import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmReader;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * TPM2_GetCapability (Part 3, 30.2), one record per kind of answer. A TPM may answer with less than
 * it was asked for; {@code more} says that there is more.
 */
public final class Capability {
  private Capability() {}

  /** Handles in use, from {@code first} on within its type. */
  public record Handles(int first, int count) implements Command<Capability.Part<List<Integer>>> {
    @Override
    public CommandCode code() {
      return CommandCode.GET_CAPABILITY;
    }

    @Override
    public void parameters(TpmWriter out) {
      ask(out, HANDLES, first, count);
    }

    @Override
    public Capability.Part<List<Integer>> result(Response response) {
      boolean more = start(response, HANDLES);
      TpmReader in = response.parameters();
      int count = bounded(in.u32());
      List<Integer> handles = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        handles.add(in.i32());
      }
      return new Part<>(more, List.copyOf(handles));
    }
  }

  /** TPM_PT properties, from {@code first} on. */
  public record Properties(int first, int count)
      implements Command<Capability.Part<SortedMap<Integer, Integer>>> {
    @Override
    public CommandCode code() {
      return CommandCode.GET_CAPABILITY;
    }

    @Override
    public void parameters(TpmWriter out) {
      ask(out, PROPERTIES, first, count);
    }

    @Override
    public Capability.Part<SortedMap<Integer, Integer>> result(Response response) {
      boolean more = start(response, PROPERTIES);
      TpmReader in = response.parameters();
      int count = bounded(in.u32());
      SortedMap<Integer, Integer> values = new TreeMap<>();
      for (int i = 0; i < count; i++) {
        values.put(in.i32(), in.i32());
      }
      return new Part<>(more, values);
    }
  }

  /** The banks that the TPM has, with the PCRs in each. */
  public record Pcrs() implements Command<PcrSelection> {
    @Override
    public CommandCode code() {
      return CommandCode.GET_CAPABILITY;
    }

    @Override
    public void parameters(TpmWriter out) {
      ask(out, PCRS, 0, 1);
    }

    @Override
    public PcrSelection result(Response response) {
      start(response, PCRS);
      return PcrSelection.read(response.parameters());
    }
  }

  private static final int HANDLES = 1;
  private static final int PCRS = 5;
  private static final int PROPERTIES = 6;
  private static final int MAX_VALUES = 512;

  /** A part of an answer, and whether there is more. */
  public record Part<T>(boolean more, T values) {}

  private static void ask(TpmWriter out, int capability, int property, int count) {
    out.u32(capability).u32(property).u32(count);
  }

  private static boolean start(Response response, int capability) {
    int more = response.parameters().u8();
    long answered = response.parameters().u32();
    if (more > 1 || answered != capability) {
      throw new TpmFormatException("capability " + answered + " instead of " + capability);
    }
    return more == 1;
  }

  private static int bounded(long count) {
    if (count > MAX_VALUES) {
      throw new TpmFormatException("a list of " + count + " values");
    }
    return (int) count;
  }
}
