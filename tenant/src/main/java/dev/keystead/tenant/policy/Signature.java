package dev.keystead.tenant.policy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Detached OpenPGP signatures, checked by the system's gpgv against the owner's keys. */
final class Signature {
  private static final int LARGEST_KEY = 4 << 20;
  private static final int LONGEST_COMPLAINT = 2000;
  private static final String ARMOR = "-----BEGIN PGP PUBLIC KEY BLOCK-----";

  private Signature() {}

  /**
   * Requires that a key of the keyring signed the content.
   *
   * @param keyring a file of OpenPGP public keys, binary or armored
   * @throws IOException when it did not, or that cannot be found out
   */
  static void require(byte[] content, byte[] signature, Path keyring) throws IOException {
    Path folder = Files.createTempDirectory("keystead-signature");
    try {
      Path keys = Files.write(folder.resolve("keys.gpg"), binary(keyring));
      Path signed = Files.write(folder.resolve("signed"), content);
      Path detached = Files.write(folder.resolve("signature"), signature);
      run(
          List.of(
              "gpgv",
              "--homedir",
              folder.toString(),
              "--keyring",
              keys.toString(),
              detached.toString(),
              signed.toString()));
    } finally {
      for (String name : List.of("keys.gpg", "signed", "signature")) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.deleteIfExists(folder);
    }
  }

  private static void run(List<String> command) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException("it needs the tool gpgv, which is not installed", e);
    }
    try {
      byte[] said = process.getInputStream().readAllBytes();
      if (process.waitFor() != 0) {
        String text = new String(said, StandardCharsets.UTF_8).strip();
        throw new IOException(
            "its signature is not good: "
                + text.substring(0, Math.min(text.length(), LONGEST_COMPLAINT)));
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The keys without their armor (RFC 9580, section 6); gpgv takes binary keys alone. */
  private static byte[] binary(Path keyring) throws IOException {
    if (Files.size(keyring) > LARGEST_KEY) {
      throw new IOException("the keys in %s are too many".formatted(keyring));
    }
    byte[] bytes = Files.readAllBytes(keyring);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (!text.stripLeading().startsWith(ARMOR)) {
      return bytes;
    }
    String body =
        text.lines()
            .map(String::strip)
            .dropWhile(line -> !line.isEmpty())
            .takeWhile(line -> !line.startsWith("=") && !line.startsWith("-----"))
            .collect(Collectors.joining());
    try {
      return Base64.getDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw new IOException("the keys in %s cannot be read".formatted(keyring), e);
    }
  }
}
