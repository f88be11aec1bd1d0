package dev.keystead.bench;

import dev.keystead.evidence.policy.RuntimePolicyWriter;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Random;

/**
 * A measurement list of ima-ng entries, the same whenever it is made.
 *
 * @param data the template data of each entry
 * @param binary the list as binary_runtime_measurements
 * @param ascii the list as ascii_runtime_measurements
 */
record GeneratedList(byte[][] data, byte[] binary, byte[] ascii) {
  private static final int LONGEST_ENTRY = 256;

  /** Entries that measure so many different files over and over. */
  static GeneratedList of(int entries, int files) {
    byte[][] data = new byte[entries][];
    ByteBuffer binary = ByteBuffer.allocate(entries * LONGEST_ENTRY).order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder ascii = new StringBuilder(entries * LONGEST_ENTRY);
    for (int i = 0; i < entries; i++) {
      Random random = new Random(i % files);
      byte[] digest = new byte[32];
      random.nextBytes(digest);
      String path =
          "/usr/lib/x86_64-linux-gnu/package-%d/file-%d.so"
              .formatted(random.nextInt(1000), i % files);
      data[i] = templateData(digest, path);
      byte[] templateHash = HashAlg.SHA1.hash(data[i]);
      binary.putInt(10).put(templateHash).putInt(6).put("ima-ng".getBytes(StandardCharsets.UTF_8));
      binary.putInt(data[i].length).put(data[i]);
      ascii.append("10 ").append(HexFormat.of().formatHex(templateHash)).append(" ima-ng sha256:");
      ascii.append(HexFormat.of().formatHex(digest)).append(' ').append(path).append('\n');
    }
    byte[] written = new byte[binary.position()];
    binary.flip().get(written);
    return new GeneratedList(data, written, ascii.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] templateData(byte[] digest, String path) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    byte[] alg = "sha256:\0".getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(4 + alg.length + digest.length + 4 + name.length + 1)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(alg.length + digest.length)
        .put(alg)
        .put(digest)
        .putInt(name.length + 1)
        .put(name)
        .put((byte) 0)
        .array();
  }

  /** A runtime policy in JSON that allows each of its files. */
  byte[] policy() {
    return RuntimePolicyWriter.fromList(ascii, HashAlg.SHA1, Instant.EPOCH).toBytes();
  }
}
