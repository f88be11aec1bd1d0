package dev.keystead.evidence.der;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads definite-length DER with tags of one byte, in order. Lengths must be minimal and inside
 * their parent. Whatever is not so throws {@link EvidenceException} with {@link Code#MALFORMED}.
 */
public final class DerReader {
  /** INTEGER. */
  public static final int INTEGER = 0x02;

  /** OCTET STRING. */
  public static final int OCTETS = 0x04;

  /** OBJECT IDENTIFIER. */
  public static final int OID = 0x06;

  /** SEQUENCE. */
  public static final int SEQUENCE = 0x30;

  /** SET. */
  public static final int SET = 0x31;

  private static final int MAX_OID_ARCS = 32;

  private final ByteBuffer in;
  private final String what;

  /** Reads all of {@code bytes}; {@code what} names the structure in errors. */
  public DerReader(byte[] bytes, String what) {
    this(ByteBuffer.wrap(bytes), what);
  }

  private DerReader(ByteBuffer in, String what) {
    this.in = in;
    this.what = what;
  }

  /** The next element's tag. */
  public int peekTag() {
    need(1);
    return in.get(in.position()) & 0xff;
  }

  /** Whether anything is left. */
  public boolean hasNext() {
    return in.hasRemaining();
  }

  /** The inside of the next element, which must have this tag. */
  public DerReader enter(int tag) {
    int found = peekTag();
    if (found != tag) {
      throw malformed("tag 0x%02x where 0x%02x belongs".formatted(found, tag));
    }
    in.get();
    int length = length();
    need(length);
    ByteBuffer inside = in.slice(in.position(), length);
    in.position(in.position() + length);
    return new DerReader(inside, what);
  }

  /** The content of the next element, which must have this tag. */
  public byte[] bytes(int tag) {
    return enter(tag).rest();
  }

  /** A non-negative INTEGER in its shortest form. */
  public BigInteger unsigned() {
    byte[] value = bytes(INTEGER);
    if (value.length == 0 || value[0] < 0 || (value.length > 1 && value[0] == 0 && value[1] >= 0)) {
      throw malformed("an INTEGER that is negative or not in its shortest form");
    }
    return new BigInteger(value);
  }

  /** An OBJECT IDENTIFIER in dotted form. */
  public String oid() {
    byte[] value = bytes(OID);
    List<String> arcs = new ArrayList<>();
    long arc = 0;
    boolean open = false;
    for (byte b : value) {
      if ((!open && b == (byte) 0x80) || arc > Integer.MAX_VALUE || arcs.size() > MAX_OID_ARCS) {
        throw malformed("an OBJECT IDENTIFIER");
      }
      arc = arc << 7 | (b & 0x7f);
      open = b < 0;
      if (!open) {
        if (arcs.isEmpty()) {
          long first = Math.min(arc / 40, 2);
          arcs.add(Long.toString(first));
          arc -= 40 * first;
        }
        arcs.add(Long.toString(arc));
        arc = 0;
      }
    }
    if (open || arcs.isEmpty()) {
      throw malformed("an OBJECT IDENTIFIER");
    }
    return String.join(".", arcs);
  }

  /** Any of the directory string types, as text. */
  public String text() {
    int tag = peekTag();
    return switch (tag) {
      case 0x0c, 0x13, 0x14, 0x16 -> new String(bytes(tag), StandardCharsets.UTF_8);
      case 0x1e -> new String(bytes(tag), StandardCharsets.UTF_16BE);
      default -> throw malformed("tag 0x%02x where text belongs".formatted(tag));
    };
  }

  /** Steps over the next element, whatever it is. */
  public void skip() {
    enter(peekTag());
  }

  /** Requires that nothing is left. */
  public void end() {
    if (in.hasRemaining()) {
      throw malformed(in.remaining() + " trailing bytes");
    }
  }

  private byte[] rest() {
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    return bytes;
  }

  private int length() {
    need(1);
    int first = in.get() & 0xff;
    if (first < 0x80) {
      return first;
    }
    int count = first & 0x7f;
    if (count == 0 || count > 3) {
      throw malformed("a length of " + count + " bytes");
    }
    need(count);
    int length = 0;
    for (int i = 0; i < count; i++) {
      length = length << 8 | (in.get() & 0xff);
    }
    if (length < 0x80 || length >>> (8 * (count - 1)) == 0) {
      throw malformed("a length that is not in its shortest form");
    }
    return length;
  }

  private void need(int count) {
    if (count > in.remaining()) {
      throw malformed("truncated");
    }
  }

  private EvidenceException malformed(String detail) {
    return new EvidenceException(Code.MALFORMED, what, "DER: " + detail);
  }
}
