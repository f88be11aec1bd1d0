package dev.keystead.evidence.boot;

import dev.keystead.evidence.EvidenceException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * EFI_SIGNATURE_LIST: keys or hashes of one type, as PK, KEK, db and dbx hold them.
 *
 * @param type {@link #X509}, {@link #SHA256} or another GUID
 */
public record SignatureList(UUID type, List<Signature> signatures) {
  /** EFI_CERT_X509_GUID. */
  public static final UUID X509 = UUID.fromString("a5c059a1-94e4-4aa7-87b5-ab155c2bf072");

  /** EFI_CERT_SHA256_GUID. */
  public static final UUID SHA256 = UUID.fromString("c1c41626-504c-4092-aca9-41f936934328");

  private static final int HEADER = 28;
  private static final int OWNER = 16;

  /** EFI_SIGNATURE_DATA. */
  public record Signature(UUID owner, byte[] data) {}

  /** Takes a copy. */
  public SignatureList {
    signatures = List.copyOf(signatures);
  }

  /**
   * Parses all of {@code bytes} as lists that follow each other.
   *
   * @throws EvidenceException with MALFORMED
   */
  public static List<SignatureList> parse(byte[] bytes) {
    LogReader in = new LogReader(bytes, "EFI signature list");
    List<SignatureList> lists = new ArrayList<>();
    while (in.remaining() > 0) {
      lists.add(read(in));
    }
    return lists;
  }

  /** The GUID in these 16 bytes. */
  public static UUID owner(byte[] bytes) {
    return new LogReader(bytes, "EFI signature owner").guid();
  }

  private static SignatureList read(LogReader in) {
    UUID type = in.guid();
    long size = in.u32();
    long header = in.u32();
    long each = in.u32();
    long body = size - HEADER - header;
    if (each <= OWNER || body < 0 || body % each != 0) {
      throw in.malformed(
          "a list of %d bytes with a header of %d and signatures of %d"
              .formatted(size, header, each));
    }
    in.bytes(header);
    List<Signature> signatures = new ArrayList<>();
    for (long left = body; left > 0; left -= each) {
      signatures.add(new Signature(in.guid(), in.bytes(each - OWNER)));
    }
    return new SignatureList(type, signatures);
  }
}
