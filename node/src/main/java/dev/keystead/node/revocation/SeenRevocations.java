package dev.keystead.node.revocation;

import dev.keystead.http.tls.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;

/**
 * Digests of the revocations that were taken, the newest {@value #MAX}. Only messages with a good
 * signature get in, so nobody but the owner can push another out; and what was pushed out is too
 * old to be fresh unless the owner revokes faster than this.
 */
final class SeenRevocations {
  private static final int MAX = 4096;
  private static final int LINE = 65;

  private final Path file;
  private final LinkedHashSet<String> digests = new LinkedHashSet<>();

  SeenRevocations(Path file) throws IOException {
    this.file = file;
    if (Files.exists(file)) {
      String text = new String(PrivateFiles.read(file, MAX * LINE), StandardCharsets.US_ASCII);
      text.lines().forEach(digests::add);
    }
  }

  boolean contains(String digest) {
    return digests.contains(digest);
  }

  /** Remembers it durably. */
  void add(String digest) throws IOException {
    if (digests.add(digest)) {
      if (digests.size() > MAX) {
        digests.removeFirst();
      }
      String text = String.join("\n", digests) + "\n";
      PrivateFiles.write(file, text.getBytes(StandardCharsets.US_ASCII));
    }
  }
}
