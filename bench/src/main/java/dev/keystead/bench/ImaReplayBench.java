package dev.keystead.bench;

import dev.keystead.evidence.ima.ImaEntry;
import dev.keystead.evidence.ima.ImaReader;
import dev.keystead.evidence.ima.ImaReplay;
import dev.keystead.evidence.ima.ImaState;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Replay of a list of 100,000 ima-ng entries into the sha256 bank, and beside it nothing but the
 * hashes that it cannot do without: for each entry SHA-1 and SHA-256 of its data, and one extend.
 */
@State(Scope.Benchmark)
public class ImaReplayBench {
  private static final int ENTRIES = 100_000;

  /** The form of the list. */
  @Param({"binary", "ascii"})
  public String form = "binary";

  private byte[][] data = new byte[0][];
  private byte[] list = new byte[0];

  /** Makes the list and proves that both ways agree. */
  @Setup
  public void make() {
    Random random = new Random(1);
    data = new byte[ENTRIES][];
    ByteBuffer binary = ByteBuffer.allocate(ENTRIES * 200).order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder ascii = new StringBuilder(ENTRIES * 200);
    for (int i = 0; i < ENTRIES; i++) {
      byte[] digest = new byte[32];
      random.nextBytes(digest);
      String path =
          "/usr/lib/x86_64-linux-gnu/package-%d/file-%d.so".formatted(random.nextInt(1000), i);
      data[i] = templateData(digest, path);
      byte[] templateHash = HashAlg.SHA1.hash(data[i]);
      binary.putInt(10).put(templateHash).putInt(6).put("ima-ng".getBytes(StandardCharsets.UTF_8));
      binary.putInt(data[i].length).put(data[i]);
      ascii.append("10 ").append(HexFormat.of().formatHex(templateHash)).append(" ima-ng sha256:");
      ascii.append(HexFormat.of().formatHex(digest)).append(' ').append(path).append('\n');
    }
    if (form.equals("binary")) {
      list = new byte[binary.position()];
      binary.flip().get(list);
    } else {
      list = ascii.toString().getBytes(StandardCharsets.UTF_8);
    }
    if (!replay().equals(bareHashes())) {
      throw new IllegalStateException("the replay does not give the PCR");
    }
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

  /** The hashing that no replay can avoid. */
  @Benchmark
  public Digest bareHashes() {
    MessageDigest sha1 = HashAlg.SHA1.digest();
    MessageDigest sha256 = HashAlg.SHA256.digest();
    byte[] template = new byte[20];
    byte[] extension = new byte[32];
    byte[] pcr = new byte[32];
    try {
      for (byte[] entry : data) {
        sha1.update(entry);
        sha1.digest(template, 0, template.length);
        sha256.update(entry);
        sha256.digest(extension, 0, extension.length);
        sha256.update(pcr);
        sha256.update(extension);
        sha256.digest(pcr, 0, pcr.length);
      }
    } catch (DigestException e) {
      throw new IllegalStateException(e);
    }
    return Digest.of(HashAlg.SHA256, pcr);
  }

  /** The replay as the appraiser does it: every entry parsed, its template hash checked. */
  @Benchmark
  public Digest replay() {
    ImaReplay replay = new ImaReplay(ImaState.start(Set.of(HashAlg.SHA256)));
    ImaReader reader = ImaReader.of(list, 0, HashAlg.SHA1);
    for (Optional<ImaEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      replay.extend(entry.get());
    }
    return Objects.requireNonNull(replay.state().pcr10().get(HashAlg.SHA256));
  }
}
