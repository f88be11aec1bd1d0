package dev.keystead.evidence.boot;

import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Parses one boot log, strictly. */
final class BootLogParser {
  private static final int MAX_LOG = 16 << 20;
  private static final int MAX_DATA = 1 << 20;
  private static final int MAX_EVENTS = 1 << 16;
  private static final int MAX_BANKS = 16;
  private static final byte[] SPEC_ID_03 = "Spec ID Event03\0".getBytes(StandardCharsets.US_ASCII);

  private final LogReader in;
  private final int fillFrom;
  private final List<BootEvent> events = new ArrayList<>();
  private int number;

  BootLogParser(byte[] bytes) {
    this.in = new LogReader(bytes, "boot log");
    if (bytes.length > MAX_LOG) {
      throw in.malformed(bytes.length + " bytes, at most " + MAX_LOG + " are read");
    }
    if (bytes.length == 0) {
      throw in.malformed("empty");
    }
    this.fillFrom = Math.min(endWithout((byte) 0, bytes), endWithout((byte) 0xff, bytes));
  }

  BootLog parse() {
    BootEvent first = sha1Event();
    if (!isHeader(first)) {
      events.add(first);
      while (!atEnd()) {
        events.add(sha1Event());
      }
      return new BootLog(List.of(HashAlg.SHA1), events);
    }
    List<HashAlg> banks = header(first);
    while (!atEnd()) {
      events.add(agileEvent(banks));
    }
    return new BootLog(banks, events);
  }

  /**
   * A firmware's log buffer may be handed out whole, with what it was filled with behind the last
   * event. An event of zeros has no digests or no meaning, one of 0xff no such PCR, so neither can
   * be mistaken for the other; any other rest is an event or an error.
   */
  private boolean atEnd() {
    if (in.position() >= fillFrom) {
      return true;
    }
    if (events.size() == MAX_EVENTS) {
      throw in.malformed("more than " + MAX_EVENTS + " events");
    }
    return false;
  }

  private static int endWithout(byte fill, byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == fill) {
      end--;
    }
    return end;
  }

  private static boolean isHeader(BootEvent event) {
    int length = SPEC_ID_03.length;
    return event.is(EventType.EV_NO_ACTION)
        && event.data().length >= length
        && Arrays.equals(event.data(), 0, length, SPEC_ID_03, 0, length);
  }

  /**
   * TCG_EfiSpecIDEvent: the banks with their digest sizes, which must be those of the algorithms.
   */
  private List<HashAlg> header(BootEvent event) {
    LogReader data = new LogReader(event.data(), "boot log header");
    if (event.pcr() != 0 || !event.digests().containsValue(Digest.zero(HashAlg.SHA1))) {
      throw data.malformed("it is an event of PCR " + event.pcr() + " or has a digest");
    }
    data.bytes(SPEC_ID_03.length + 8);
    long count = data.u32();
    if (count < 1 || count > MAX_BANKS) {
      throw data.malformed(count + " digest algorithms");
    }
    List<HashAlg> banks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      HashAlg bank = alg(data);
      int size = data.u16();
      if (size != bank.size() || banks.contains(bank)) {
        throw data.malformed("%s twice or with a size of %d".formatted(bank.label(), size));
      }
      banks.add(bank);
    }
    data.bytes(data.u8());
    data.end();
    return banks;
  }

  /** TCG_PCR_EVENT. */
  private BootEvent sha1Event() {
    int pcr = pcr();
    int type = in.i32();
    Digest digest = Digest.of(HashAlg.SHA1, in.bytes(HashAlg.SHA1.size()));
    return new BootEvent(number++, pcr, type, Map.of(HashAlg.SHA1, digest), data());
  }

  /** TCG_PCR_EVENT2: one digest of each bank of the header, in any order. */
  private BootEvent agileEvent(List<HashAlg> banks) {
    int pcr = pcr();
    int type = in.i32();
    long count = in.u32();
    if (count != banks.size()) {
      throw in.malformed("event %d has %d digests, not %d".formatted(number, count, banks.size()));
    }
    Map<HashAlg, Digest> digests = new EnumMap<>(HashAlg.class);
    for (int i = 0; i < count; i++) {
      HashAlg bank = alg(in);
      if (!banks.contains(bank)
          || digests.put(bank, Digest.of(bank, in.bytes(bank.size()))) != null) {
        throw in.malformed(
            "event %d has a %s digest twice, or the header has no such bank"
                .formatted(number, bank.label()));
      }
    }
    return new BootEvent(number++, pcr, type, digests, data());
  }

  private int pcr() {
    long pcr = in.u32();
    if (pcr > 23) {
      throw in.malformed(
          "event %d, at byte %d, is of PCR %d".formatted(number, in.position() - 4, pcr));
    }
    return (int) pcr;
  }

  private byte[] data() {
    long size = in.u32();
    if (size > MAX_DATA) {
      throw in.malformed("event %d has %d bytes of data".formatted(number, size));
    }
    return in.bytes(size);
  }

  private HashAlg alg(LogReader from) {
    int id = from.u16();
    try {
      return HashAlg.of(id);
    } catch (TpmFormatException e) {
      throw from.malformed("event %d: %s".formatted(number, e.getMessage()));
    }
  }
}
