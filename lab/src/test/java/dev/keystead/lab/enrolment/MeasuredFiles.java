package dev.keystead.lab.enrolment;

import dev.keystead.evidence.policy.RuntimePolicyWriter;
import dev.keystead.tpm.structure.HashAlg;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;

/** The IMA list of a machine whose kernel keeps none. */
public record MeasuredFiles(Path list) {
  /** A list of a boot in which nothing was measured, and of three programs. */
  public static MeasuredFiles in(Path folder) throws IOException {
    MeasuredFiles files = new MeasuredFiles(folder.resolve("ima.txt"));
    Files.createFile(files.list);
    files.measure("boot_aggregate", HashAlg.SHA256.hash(new byte[10 * HashAlg.SHA256.size()]));
    files.run("/usr/bin/one");
    files.run("/usr/bin/two");
    files.run("/usr/lib/three.so");
    return files;
  }

  /** A file is measured. */
  public void run(String name) throws IOException {
    measure(name, HashAlg.SHA256.hash(("content of " + name).getBytes(StandardCharsets.UTF_8)));
  }

  private void measure(String name, byte[] digest) throws IOException {
    byte[] alg = "sha256:\0".getBytes(StandardCharsets.US_ASCII);
    byte[] path = (name + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] template =
        ByteBuffer.allocate(8 + alg.length + digest.length + path.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(alg.length + digest.length)
            .put(alg)
            .put(digest)
            .putInt(path.length)
            .put(path)
            .array();
    HexFormat hex = HexFormat.of();
    Files.writeString(
        list,
        "10 %s ima-ng sha256:%s %s\n"
            .formatted(hex.formatHex(HashAlg.SHA1.hash(template)), hex.formatHex(digest), name),
        StandardOpenOption.APPEND);
  }

  /** What the list has now, as a policy. */
  public Path policy(Path file) throws IOException {
    return Files.write(
        file,
        RuntimePolicyWriter.fromList(Files.readAllBytes(list), HashAlg.SHA1, Instant.now())
            .toBytes());
  }
}
