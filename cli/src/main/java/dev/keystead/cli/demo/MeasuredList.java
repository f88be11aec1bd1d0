package dev.keystead.cli.demo;

import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;

/**
 * A measurement list in the kernel's ASCII form, template ima-ng, of files that are really there.
 * The kernel would write it; here the agent's emulator extends the TPM by it.
 */
final class MeasuredList {
  private static final int BOOT_PCRS = 10;
  private static final byte[] LABEL = "sha256:\0".getBytes(StandardCharsets.US_ASCII);

  private final Path file;

  /** A list whose first entry is boot_aggregate, as of a machine that has just started. */
  MeasuredList(Path file) throws IOException {
    this.file = file;
    append("boot_aggregate", Digest.hash(HashAlg.SHA256, new byte[BOOT_PCRS * 32]));
  }

  /** Where it is. */
  Path file() {
    return file;
  }

  /** Measures a file, as the kernel does when it is run. */
  void measure(Path program) throws IOException {
    append(program.toString(), Digest.hash(HashAlg.SHA256, Files.readAllBytes(program)));
  }

  private void append(String name, Digest digest) throws IOException {
    byte[] path = (name + "\0").getBytes(StandardCharsets.UTF_8);
    ByteBuffer data =
        ByteBuffer.allocate(4 + LABEL.length + 32 + 4 + path.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(LABEL.length + 32)
            .put(LABEL)
            .put(digest.bytes())
            .putInt(path.length)
            .put(path);
    String templateHash = HexFormat.of().formatHex(HashAlg.SHA1.hash(data.array()));
    Files.writeString(
        file,
        "10 %s ima-ng sha256:%s %s%n".formatted(templateHash, digest.hex(), name),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
