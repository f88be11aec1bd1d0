package dev.keystead.tenant.policy;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.keystead.tpm.structure.HashAlg;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Hashes content that lies outside the heap; for one thread. */
sealed interface ContentDigest permits ContentDigest.Jdk, OpensslDigest {
  /** Adds the first {@code size} bytes. */
  void update(MemorySegment content, long size);

  /** The digest of all that was added, in lower-case hex; begins anew. */
  String finish();

  /** The digest of the first {@code size} bytes alone, when nothing was added before. */
  default String hash(MemorySegment content, long size) {
    update(content, size);
    return finish();
  }

  /** OpenSSL's where there is one, as it is fast from its first byte on; otherwise the JDK's. */
  static ContentDigest of(HashAlg alg, Arena arena) {
    return OpensslDigest.find(alg, arena).<ContentDigest>map(d -> d).orElseGet(() -> new Jdk(alg));
  }

  /** The JDK's. */
  final class Jdk implements ContentDigest {
    private final MessageDigest digest;
    private final byte[] chunk = new byte[64 << 10];

    Jdk(HashAlg alg) {
      digest = alg.digest();
    }

    @Override
    public void update(MemorySegment content, long size) {
      for (long at = 0; at < size; at += chunk.length) {
        int length = (int) Math.min(chunk.length, size - at);
        MemorySegment.copy(content, JAVA_BYTE, at, chunk, 0, length);
        digest.update(chunk, 0, length);
      }
    }

    @Override
    public String finish() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }
}
