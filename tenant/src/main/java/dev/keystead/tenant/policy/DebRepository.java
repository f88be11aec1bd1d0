package dev.keystead.tenant.policy;

import dev.keystead.tenant.TenantException;
import dev.keystead.tenant.TenantException.Problem;
import dev.keystead.tenant.policy.Harvest.Allowed;
import dev.keystead.tpm.structure.HashAlg;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Debian repository as a source of a policy. Its packages are unpacked in passing and their files
 * hashed, as no metadata of Debian's has digests that IMA uses.
 *
 * @param files where it lies
 * @param index a Packages index, compressed or not: only what it lists counts, and each package has
 *     to have the SHA-256 that it states. Needed on the web; in a folder, all packages count
 *     without it
 */
public record DebRepository(RepositoryFiles files, Optional<Path> index) {
  private static final int LARGEST_PACKAGE = 1 << 30;
  private static final int MOST_PACKAGES = 200_000;

  Harvest harvest(HashAlg alg, Meter meter) {
    Harvest harvest = new Harvest();
    try {
      Workers.run(packages(), item -> read(item, alg, meter), harvest);
    } catch (IOException e) {
      throw new TenantException(
          Problem.BAD_INPUT, "the repository cannot be used: " + e.getMessage(), e);
    }
    return harvest;
  }

  /** A package; the SHA-256 is empty when nobody states it. */
  record Indexed(String path, String sha256) {}

  private List<Indexed> packages() throws IOException {
    if (index.isPresent()) {
      try (InputStream in = Decompressor.ofAny(Files.newInputStream(index.get()))) {
        return packages(in);
      }
    }
    if (files instanceof RepositoryFiles.Folder folder) {
      return folder.ending(".deb").stream().map(path -> new Indexed(path, "")).toList();
    }
    throw new IOException("give the Packages index that says which packages count");
  }

  /** The paragraphs of an index (deb-src-control(5)): Filename and SHA256 of each. */
  static List<Indexed> packages(InputStream in) throws IOException {
    List<Indexed> packages = new ArrayList<>();
    String path = "";
    String sha256 = "";
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); ; line = lines.readLine()) {
      if (line == null || line.isBlank()) {
        if (!path.isEmpty()) {
          packages.add(checked(path, sha256, packages.size()));
        }
        path = "";
        sha256 = "";
        if (line == null) {
          return packages;
        }
      } else if (line.startsWith("Filename:")) {
        path = line.substring(9).strip();
      } else if (line.startsWith("SHA256:")) {
        sha256 = line.substring(7).strip();
      }
    }
  }

  private static Indexed checked(String path, String sha256, int count) throws IOException {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IOException("the index states no SHA-256 of " + path);
    }
    if (count == MOST_PACKAGES) {
      throw new IOException("the index lists more than %,d packages".formatted(MOST_PACKAGES));
    }
    return new Indexed(path, sha256);
  }

  private List<Allowed> read(Indexed item, HashAlg alg, Meter meter) throws IOException {
    try (Arena arena = Arena.ofConfined();
        InputStream in = open(item)) {
      return DebPackage.files(in, new FileHasher(alg, meter, arena));
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(item.path(), e.getMessage()), e);
    }
  }

  private InputStream open(Indexed item) throws IOException {
    if (item.sha256().isEmpty()) {
      return new BufferedInputStream(files.open(item.path()));
    }
    byte[] content = files.read(item.path(), LARGEST_PACKAGE);
    new RpmMetadata.Pointer(item.path(), item.sha256()).require(content);
    return new ByteArrayInputStream(content);
  }
}
