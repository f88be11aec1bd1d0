package dev.keystead.evidence.boot;

import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.Forge;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** Writes boot logs that no recorded machine made, in the crypto-agile format or the older one. */
@SuppressWarnings("ByteBufferBackingArray") // All buffers are allocated here.
public final class LogWriter {
  private final List<HashAlg> banks;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private LogWriter(List<HashAlg> banks) {
    this.banks = banks;
  }

  /** A crypto-agile log of these banks. */
  public static LogWriter agile(HashAlg... banks) {
    LogWriter log = new LogWriter(List.of(banks));
    ByteBuffer id = little(29 + 4 * banks.length);
    id.put("Spec ID Event03\0".getBytes(StandardCharsets.US_ASCII));
    id.putInt(0).put((byte) 0).put((byte) 2).put((byte) 0).put((byte) 2).putInt(banks.length);
    for (HashAlg bank : banks) {
      id.putShort((short) bank.id()).putShort((short) bank.size());
    }
    log.out.writeBytes(sha1(0, EventType.EV_NO_ACTION.id(), new byte[20], id.array()));
    return log;
  }

  /** A log of the older format. */
  public static LogWriter old() {
    return new LogWriter(List.of());
  }

  /** Adds an event that measures its data. */
  public LogWriter measure(int pcr, EventType type, byte[] data) {
    return measure(pcr, type, data, data);
  }

  /** Adds an event that measures something else than its data. */
  public LogWriter measure(int pcr, EventType type, byte[] measured, byte[] data) {
    if (banks.isEmpty()) {
      out.writeBytes(sha1(pcr, type.id(), digest(HashAlg.SHA1, type, measured), data));
      return this;
    }
    ByteBuffer event = little(12);
    out.writeBytes(event.putInt(pcr).putInt(type.id()).putInt(banks.size()).array());
    for (HashAlg bank : banks) {
      out.writeBytes(little(2).putShort((short) bank.id()).array());
      out.writeBytes(digest(bank, type, measured));
    }
    out.writeBytes(little(4 + data.length).putInt(data.length).put(data).array());
    return this;
  }

  /** UEFI_VARIABLE_DATA. */
  public static byte[] variable(UUID vendor, String name, byte[] data) {
    ByteBuffer value = little(32 + 2 * name.length() + data.length);
    return value
        .put(guid(vendor))
        .putLong(name.length())
        .putLong(data.length)
        .put(name.getBytes(StandardCharsets.UTF_16LE))
        .put(data)
        .array();
  }

  /** EFI_SIGNATURE_LIST with one signature. */
  public static byte[] signatures(UUID type, UUID owner, byte[] data) {
    int each = 16 + data.length;
    return little(28 + each)
        .put(guid(type))
        .putInt(28 + each)
        .putInt(0)
        .putInt(each)
        .put(guid(owner))
        .put(data)
        .array();
  }

  private static byte[] guid(UUID guid) {
    long high = guid.getMostSignificantBits();
    return little(16)
        .putInt((int) (high >> 32))
        .putShort((short) (high >> 16))
        .putShort((short) high)
        .order(ByteOrder.BIG_ENDIAN)
        .putLong(guid.getLeastSignificantBits())
        .array();
  }

  /** The log. */
  public byte[] bytes() {
    return out.toByteArray();
  }

  /** The log, parsed. */
  public BootLog log() {
    return BootLog.parse(bytes());
  }

  /** The log with a quote that confirms it in SHA-256 for PCR 0 to 15. */
  public VerifiedBootLog verified() {
    SortedMap<Integer, Digest> values = new TreeMap<>();
    for (int pcr = 0; pcr < 16; pcr++) {
      values.put(pcr, Digest.zero(HashAlg.SHA256));
    }
    values.putAll(log().replay().banks().getOrDefault(HashAlg.SHA256, new TreeMap<>()));
    PcrValues pcrs = PcrValues.of(HashAlg.SHA256, values);
    byte[] attest = Forge.quote(pcrs.selection(), pcrs.pcrDigest(HashAlg.SHA256));
    Quote quote = new Quote(attest, Forge.ecdsa(HashAlg.SHA256, attest), pcrs);
    return log()
        .verify(
            new QuoteVerifier(Forge.ecc(), AcceptedAlgorithms.ALL)
                .verify(quote, Forge.nonce(), new Coverage.Exactly(pcrs.selection())));
  }

  private static byte[] digest(HashAlg bank, EventType type, byte[] measured) {
    return type == EventType.EV_NO_ACTION ? new byte[bank.size()] : bank.hash(measured);
  }

  private static byte[] sha1(int pcr, int type, byte[] digest, byte[] data) {
    return little(32 + data.length)
        .putInt(pcr)
        .putInt(type)
        .put(digest)
        .putInt(data.length)
        .put(data)
        .array();
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
