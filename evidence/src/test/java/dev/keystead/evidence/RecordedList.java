package dev.keystead.evidence;

import dev.keystead.evidence.ima.ImaEntry;
import dev.keystead.evidence.ima.ImaReader;
import dev.keystead.evidence.ima.ImaReplay;
import dev.keystead.evidence.ima.ImaState;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The measurement lists of recorded boots. */
public final class RecordedList {
  private RecordedList() {}

  /** All entries. */
  public static List<ImaEntry> entries(byte[] list) {
    ImaReader reader = ImaReader.of(list, 0, HashAlg.SHA1);
    List<ImaEntry> entries = new ArrayList<>();
    for (Optional<ImaEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
      entries.add(e.get());
    }
    return entries;
  }

  /** PCR 10 after all entries. */
  public static Map<HashAlg, Digest> replay(byte[] list, Map<HashAlg, Digest> banks) {
    ImaReplay replay = new ImaReplay(ImaState.start(banks.keySet()));
    entries(list).forEach(replay::extend);
    return replay.state().pcr10();
  }

  /** PCR 10 of all banks as the TPM gave it. */
  public static Map<HashAlg, Digest> pcr10(Fixture fixture) {
    Map<HashAlg, Digest> values = new EnumMap<>(HashAlg.class);
    HashAlg bank = HashAlg.SHA1;
    for (String line : fixture.text("pcrs.txt").lines().map(String::strip).toList()) {
      if (line.endsWith(":")) {
        bank = HashAlg.named(line.substring(0, line.length() - 1)).orElseThrow();
      } else if (line.startsWith("10:")) {
        String hex = line.substring(line.indexOf("0x") + 2).toLowerCase(Locale.ROOT);
        values.put(bank, Digest.of(bank, HexFormat.of().parseHex(hex)));
      }
    }
    return values;
  }

  /** The entries of a binary list as slices of it. */
  public static List<byte[]> slices(byte[] list) {
    List<byte[]> slices = new ArrayList<>();
    int start = 0;
    for (ImaEntry entry : entries(list)) {
      int size = 4 + 20 + 4 + entry.templateName().length() + 4 + entry.dataLength();
      slices.add(java.util.Arrays.copyOfRange(list, start, start + size));
      start += size;
    }
    return slices;
  }

  /** Slices as one list. */
  public static byte[] join(List<byte[]> slices) {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    slices.forEach(out::writeBytes);
    return out.toByteArray();
  }
}
