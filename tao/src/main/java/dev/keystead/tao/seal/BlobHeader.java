package dev.keystead.tao.seal;

import dev.keystead.claims.KeyPrincipal;
import dev.keystead.claims.Segment;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.SealPolicy;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The clear beginning of a sealed blob, which is the associated data of its ciphertext
 * (docs/sealing.md has the layout).
 *
 * @param keyId which root sealed it, 8 bytes
 * @param hostId which host, 32 bytes
 * @param sealedBy which program
 * @param version 0 for a plain blob, and its number from 1 up in its line of fresh blobs
 * @param line the line of fresh blobs, 16 bytes; empty for a plain one
 * @param salt 16 bytes that the blob's key is derived with
 * @param nonce 12 bytes
 */
record BlobHeader(
    byte[] keyId,
    byte[] hostId,
    Measurement sealedBy,
    SealPolicy policy,
    long version,
    byte[] line,
    byte[] salt,
    byte[] nonce) {
  static final int KEY_ID_SIZE = 8;
  static final int LINE_SIZE = 16;
  static final int SALT_SIZE = 16;
  static final int NONCE_SIZE = 12;

  /** "KSB" and the version of the layout. */
  private static final int MAGIC = 0x4b534201;

  private static final int THIS_MEASUREMENT = 1;
  private static final int UPGRADE_SET = 2;
  private static final int ANY_APPROVED = 3;

  private static final int FIXED =
      4 + 1 + KEY_ID_SIZE + SealingRoot.SIZE + Measurement.SIZE + 8 + SALT_SIZE + NONCE_SIZE;

  /** Bytes of the header. */
  int size() {
    int body =
        switch (policy) {
          case SealPolicy.ThisMeasurement _, SealPolicy.AnyApproved _ -> 0;
          case SealPolicy.UpgradeSet set -> 32 + 8 + 1 + set.product().length();
        };
    return FIXED + body + line.length;
  }

  /** The blob's bytes: the header, and room behind it. */
  byte[] write(int room) {
    ByteBuffer out = ByteBuffer.allocate(size() + room);
    out.putInt(MAGIC).put(kind()).put(keyId).put(hostId).put(sealedBy.bytes());
    out.putLong(version).put(salt).put(nonce);
    if (policy instanceof SealPolicy.UpgradeSet(KeyPrincipal publisher, String product, long min)) {
      out.put(publisher.digest()).putLong(min).put((byte) product.length());
      out.put(product.getBytes(StandardCharsets.US_ASCII));
    }
    out.put(line);
    return out.array();
  }

  private byte kind() {
    return (byte)
        switch (policy) {
          case SealPolicy.ThisMeasurement _ -> THIS_MEASUREMENT;
          case SealPolicy.UpgradeSet _ -> UPGRADE_SET;
          case SealPolicy.AnyApproved _ -> ANY_APPROVED;
        };
  }

  /** The header that the bytes begin with, if they do. */
  static Optional<BlobHeader> parse(byte[] blob) {
    try {
      return Optional.of(read(ByteBuffer.wrap(blob)));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static BlobHeader read(ByteBuffer in) {
    if (in.getInt() != MAGIC) {
      throw new IllegalArgumentException("no sealed blob of this layout");
    }
    int kind = in.get();
    byte[] keyId = bytes(in, KEY_ID_SIZE);
    byte[] hostId = bytes(in, SealingRoot.SIZE);
    Measurement sealedBy = Measurement.of(bytes(in, Measurement.SIZE));
    long version = in.getLong();
    if (version < 0) {
      throw new IllegalArgumentException("a version is 0 or more");
    }
    byte[] salt = bytes(in, SALT_SIZE);
    byte[] nonce = bytes(in, NONCE_SIZE);
    SealPolicy policy =
        switch (kind) {
          case THIS_MEASUREMENT -> new SealPolicy.ThisMeasurement();
          case UPGRADE_SET -> upgradeSet(in);
          case ANY_APPROVED -> new SealPolicy.AnyApproved();
          default -> throw new IllegalArgumentException("no such policy");
        };
    byte[] line = bytes(in, version == 0 ? 0 : LINE_SIZE);
    return new BlobHeader(keyId, hostId, sealedBy, policy, version, line, salt, nonce);
  }

  private static SealPolicy upgradeSet(ByteBuffer in) {
    KeyPrincipal publisher = new KeyPrincipal(Segment.of("key", bytes(in, 32)));
    long minVersion = in.getLong();
    byte[] product = bytes(in, in.get() & 0xff);
    String name = new String(product, StandardCharsets.ISO_8859_1);
    return new SealPolicy.UpgradeSet(publisher, name, minVersion);
  }

  private static byte[] bytes(ByteBuffer in, int size) {
    if (size > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] value = new byte[size];
    in.get(value);
    return value;
  }
}
