package dev.keystead.lab.kill;

import dev.keystead.evidence.policy.RuntimePolicyWriter;
import dev.keystead.tpm.structure.HashAlg;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A measurement list as a kernel would write it (ima-ng), for a machine that measured nothing else.
 */
record ImaList(Path file) {
  /** Writes the list of a machine that ran so many files since its boot. */
  void boot(int files) throws IOException {
    StringBuilder list = new StringBuilder();
    list.append(line("boot_aggregate", new byte[10 * HashAlg.SHA256.size()]));
    for (int i = 1; i < files; i++) {
      list.append(line("/usr/bin/program-" + i, Integer.toString(i)));
    }
    Files.writeString(file, list);
  }

  /** A file is run. */
  void run(String path) throws IOException {
    Files.writeString(file, line(path, path), StandardOpenOption.APPEND);
  }

  /** Files of its boot are run again, and measured again. */
  void runAgain(int files) throws IOException {
    StringBuilder list = new StringBuilder();
    for (int i = 1; i <= files; i++) {
      list.append(line("/usr/bin/program-" + i, Integer.toString(i)));
    }
    Files.writeString(file, list, StandardOpenOption.APPEND);
  }

  /** A policy that allows what is in the list now, as JSON. */
  byte[] policy() throws IOException {
    return RuntimePolicyWriter.fromList(Files.readAllBytes(file), HashAlg.SHA1, Instant.now())
        .toBytes();
  }

  private static String line(String path, String content) {
    return line(path, content.getBytes(StandardCharsets.UTF_8));
  }

  private static String line(String path, byte[] content) {
    byte[] digest = HashAlg.SHA256.hash(content);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    field(data, "sha256:\0".getBytes(StandardCharsets.UTF_8), digest);
    field(data, path.getBytes(StandardCharsets.UTF_8), new byte[1]);
    HexFormat hex = HexFormat.of();
    return "10 %s ima-ng sha256:%s %s\n"
        .formatted(
            hex.formatHex(HashAlg.SHA1.hash(data.toByteArray())), hex.formatHex(digest), path);
  }

  private static void field(ByteArrayOutputStream out, byte[] begin, byte[] end) {
    ByteBuffer size = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    out.writeBytes(size.putInt(begin.length + end.length).array());
    out.writeBytes(begin);
    out.writeBytes(end);
  }
}
