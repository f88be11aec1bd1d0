package dev.keystead.evidence.ima;

import java.util.Optional;

/** The fields of which IMA templates are made; the identifiers are the kernel's. */
public enum ImaField {
  /** SHA-1 or MD5 digest of the file, bare. */
  D("d", Kind.BARE_DIGEST),
  /** Digest of the file with its algorithm. */
  D_NG("d-ng", Kind.DIGEST),
  /** Digest of the file with its type, {@code ima} or {@code verity}, and algorithm. */
  D_NGV2("d-ngv2", Kind.DIGEST),
  /** Digest of the file without its appended signature. */
  D_MODSIG("d-modsig", Kind.DIGEST),
  /** Name of the file, at most 255 bytes. */
  N("n", Kind.SHORT_NAME),
  /** Name of the file. */
  N_NG("n-ng", Kind.NAME),
  /** File signature: an IMA, fs-verity or portable EVM one. */
  SIG("sig", Kind.HEX),
  /** Measured data. */
  BUF("buf", Kind.HEX),
  /** Appended signature. */
  MODSIG("modsig", Kind.HEX),
  /** Portable EVM signature. */
  EVMSIG("evmsig", Kind.HEX),
  /** Names of the extended attributes that an EVM signature covers, joined by bars. */
  XATTRNAMES("xattrnames", Kind.TEXT),
  /** Their lengths. */
  XATTRLENGTHS("xattrlengths", Kind.HEX),
  /** Their values. */
  XATTRVALUES("xattrvalues", Kind.HEX),
  /** Owner of the file. */
  IUID("iuid", Kind.U32),
  /** Group of the file. */
  IGID("igid", Kind.U32),
  /** Mode of the file. */
  IMODE("imode", Kind.U16);

  /** How a field is measured and printed. */
  enum Kind {
    BARE_DIGEST,
    DIGEST,
    SHORT_NAME,
    NAME,
    TEXT,
    HEX,
    U32,
    U16
  }

  private final String id;
  private final Kind kind;

  ImaField(String id, Kind kind) {
    this.id = id;
    this.kind = kind;
  }

  /** The kernel's identifier. */
  public String id() {
    return id;
  }

  Kind kind() {
    return kind;
  }

  boolean isName() {
    return kind == Kind.NAME || kind == Kind.SHORT_NAME;
  }

  static Optional<ImaField> of(String id) {
    for (ImaField field : values()) {
      if (field.id.equals(id)) {
        return Optional.of(field);
      }
    }
    return Optional.empty();
  }
}
