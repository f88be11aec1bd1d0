package dev.keystead.evidence.boot;

import dev.keystead.evidence.EvidenceException;
import java.util.UUID;

/** UEFI_VARIABLE_DATA: a UEFI variable as it is measured. */
public record EfiVariable(UUID vendor, String name, byte[] data) {
  /** EFI_GLOBAL_VARIABLE: SecureBoot, PK, KEK, BootOrder, Boot####. */
  public static final UUID GLOBAL = UUID.fromString("8be4df61-93ca-11d2-aa0d-00e098032b8c");

  /** EFI_IMAGE_SECURITY_DATABASE_GUID: db, dbx. */
  public static final UUID IMAGE_SECURITY = UUID.fromString("d719b2cb-3d3a-4596-a3bc-dad00e67656f");

  /** SHIM_LOCK_GUID: MokListRT, SbatLevel, Shim. */
  public static final UUID SHIM_LOCK = UUID.fromString("605dab50-e046-4300-abb6-3dd810dd8b23");

  private static final int MAX_NAME = 1024;

  /**
   * Parses all of {@code bytes}.
   *
   * @throws EvidenceException with MALFORMED
   */
  public static EfiVariable parse(byte[] bytes) {
    LogReader in = new LogReader(bytes, "UEFI variable");
    UUID vendor = in.guid();
    int units = in.size64(MAX_NAME, "a name");
    int size = in.size64(bytes.length, "data");
    String name = in.utf16(units);
    byte[] data = in.bytes(size);
    in.end();
    return new EfiVariable(vendor, name, data);
  }

  /** Whether it is the variable of this vendor and name. */
  public boolean is(UUID of, String called) {
    return vendor.equals(of) && name.equals(called);
  }
}
