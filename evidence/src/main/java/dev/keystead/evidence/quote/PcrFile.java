package dev.keystead.evidence.quote;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.TpmFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The "pcr file" of tpm2-tools, which Keylime sends beside a quote: a memory image, little endian.
 *
 * <p>u32 count of selections; 16 selections of {u16 hash, u8 sizeofSelect, u8[4] bitmap, u8
 * padding}; u32 count of lists (at most 32); lists of {u32 count, 8 of {u16 size, u8[64] value}}.
 * All that is not used must be zero, so that one set of values has one image.
 */
public final class PcrFile {
  private static final int SELECTIONS = 16;
  private static final int MAX_LISTS = 32;
  private static final int HEADER = 4 + SELECTIONS * 8 + 4;
  private static final int LIST = 4 + 8 * 66;

  private PcrFile() {}

  /**
   * Parses all of {@code bytes}.
   *
   * @throws EvidenceException with MALFORMED
   */
  public static PcrValues parse(byte[] bytes) {
    if (bytes.length < HEADER || bytes.length > HEADER + MAX_LISTS * LIST) {
      throw malformed(bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      PcrSelection selection = selection(in);
      int lists = in.getInt();
      if (bytes.length != HEADER + (long) LIST * Integer.toUnsignedLong(lists)) {
        throw malformed(Integer.toUnsignedString(lists) + " lists in " + bytes.length + " bytes");
      }
      return assign(selection, values(in, lists));
    } catch (TpmFormatException e) {
      throw malformed(String.valueOf(e.getMessage()));
    }
  }

  private static PcrSelection selection(ByteBuffer in) {
    int count = in.getInt();
    if (count < 0 || count > SELECTIONS) {
      throw malformed("a count of " + Integer.toUnsignedString(count) + " selections");
    }
    List<PcrSelection.Bank> banks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      HashAlg alg = HashAlg.of(in.getShort() & 0xffff);
      int size = in.get() & 0xff;
      int mask = in.getInt();
      if (size > 4 || (size < 4 && mask >>> (8 * size) != 0)) {
        throw malformed("a bitmap of " + size + " bytes that holds " + Integer.toHexString(mask));
      }
      zeros(in, 1);
      banks.add(new PcrSelection.Bank(alg, mask));
    }
    zeros(in, (SELECTIONS - count) * 8);
    return new PcrSelection(banks);
  }

  private static List<byte[]> values(ByteBuffer in, int lists) {
    List<byte[]> values = new ArrayList<>();
    for (int i = 0; i < lists; i++) {
      int count = in.getInt();
      if (count < 1 || count > 8) {
        throw malformed("a list of " + Integer.toUnsignedString(count) + " values");
      }
      for (int j = 0; j < count; j++) {
        int size = in.getShort() & 0xffff;
        if (size > 64) {
          throw malformed("a value of " + size + " bytes");
        }
        byte[] value = new byte[size];
        in.get(value);
        zeros(in, 64 - size);
        values.add(value);
      }
      zeros(in, (8 - count) * 66);
    }
    return values;
  }

  private static PcrValues assign(PcrSelection selection, List<byte[]> values) {
    SequencedMap<HashAlg, SortedMap<Integer, Digest>> banks = new LinkedHashMap<>();
    int next = 0;
    for (PcrSelection.Bank bank : selection.banks()) {
      SortedMap<Integer, Digest> pcrs = new TreeMap<>();
      for (int pcr : bank.pcrs().toArray()) {
        if (next == values.size()) {
          throw malformed("only " + next + " values for more PCRs");
        }
        pcrs.put(pcr, Digest.of(bank.alg(), values.get(next++)));
      }
      banks.put(bank.alg(), pcrs);
    }
    if (next != values.size()) {
      throw malformed(values.size() + " values for " + next + " PCRs");
    }
    return new PcrValues(banks);
  }

  /** The image of {@code values}, eight to a list, as tpm2-tools writes it. */
  public static byte[] write(PcrValues values) {
    List<Digest> all = new ArrayList<>();
    values.banks().values().forEach(bank -> all.addAll(bank.values()));
    int lists = (all.size() + 7) / 8;
    ByteBuffer out = ByteBuffer.allocate(HEADER + lists * LIST).order(ByteOrder.LITTLE_ENDIAN);
    List<PcrSelection.Bank> banks = values.selection().banks();
    out.putInt(banks.size());
    for (PcrSelection.Bank bank : banks) {
      out.putShort((short) bank.alg().id()).put((byte) 3).putInt(bank.mask()).put((byte) 0);
    }
    out.position(4 + SELECTIONS * 8).putInt(lists);
    for (int i = 0; i < all.size(); i++) {
      int list = HEADER + i / 8 * LIST;
      if (i % 8 == 0) {
        out.putInt(list, Math.min(8, all.size() - i));
      }
      byte[] value = all.get(i).bytes();
      out.position(list + 4 + i % 8 * 66).putShort((short) value.length).put(value);
    }
    return out.array();
  }

  private static void zeros(ByteBuffer in, int count) {
    for (int i = 0; i < count; i++) {
      if (in.get() != 0) {
        throw malformed("a byte that is not used is not zero, at " + (in.position() - 1));
      }
    }
  }

  private static EvidenceException malformed(String detail) {
    return new EvidenceException(Code.MALFORMED, "PCR file", detail);
  }
}
