package dev.keystead.tenant.policy;

import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.keylime.verifier.Policies;
import dev.keystead.tenant.TenantException;
import dev.keystead.tenant.TenantException.Problem;
import dev.keystead.tpm.structure.HashAlg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** Policies from files or the web, with the checksum that they must have. */
public final class Fetched {
  private Fetched() {}

  /**
   * A file with the content of a file or an http or https address, checked. What is fetched or
   * checked lies in a private temporary file, which goes when the process ends.
   *
   * @param place a path or an address
   * @param checksum SHA-256 in hex
   */
  public static Path at(String place, Optional<String> checksum) {
    boolean web = place.startsWith("https://") || place.startsWith("http://");
    if (!web && checksum.isEmpty()) {
      return Path.of(place);
    }
    try {
      int name = place.lastIndexOf('/') + 1;
      byte[] content =
          web
              ? RepositoryFiles.at(place.substring(0, name))
                  .read(place.substring(name), Policies.MAX_POLICY)
              : PrivateFiles.read(Path.of(place), Policies.MAX_POLICY);
      String found = HexFormat.of().formatHex(HashAlg.SHA256.hash(content));
      if (checksum.isPresent() && !checksum.get().toLowerCase(Locale.ROOT).equals(found)) {
        throw new TenantException(
            Problem.BAD_INPUT,
            "%s has the SHA-256 %s, not %s".formatted(place, found, checksum.get()));
      }
      return temporary(content);
    } catch (IOException e) {
      throw new TenantException(
          Problem.BAD_INPUT, "%s cannot be read: %s".formatted(place, e.getMessage()), e);
    }
  }

  /** A private file with this content, which goes when the process ends. */
  public static Path temporary(byte[] content) throws IOException {
    Path file = Files.createTempFile("keystead", ".json");
    file.toFile().deleteOnExit();
    return Files.write(file, content);
  }
}
