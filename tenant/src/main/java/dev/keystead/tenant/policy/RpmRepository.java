package dev.keystead.tenant.policy;

import dev.keystead.tenant.TenantException;
import dev.keystead.tenant.TenantException.Problem;
import dev.keystead.tenant.policy.Harvest.Allowed;
import dev.keystead.tenant.policy.RpmMetadata.Pointer;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An RPM repository as a source of a policy: the digests that its packages state of their files.
 * Where its metadata lists them (filelists-ext), no package is fetched; otherwise the head of each.
 *
 * @param files where it lies; in a folder, all packages count, listed or not
 * @param key OpenPGP keys of which one has to have signed the metadata; each package then has to be
 *     what the metadata says, whole. Without them nothing of a repository is checked
 */
public record RpmRepository(RepositoryFiles files, Optional<Path> key) {
  private static final String REPOMD = "repodata/repomd.xml";
  private static final int METADATA = 1 << 30;
  private static final int LARGEST_PACKAGE = 1 << 30;
  private static final int SMALL = 1 << 20;
  private static final int MD5 = 32;

  Harvest harvest(Meter meter) {
    Harvest harvest = new Harvest();
    try {
      Map<String, Pointer> parts = metadata();
      Pointer lists = parts.get("filelists-ext");
      if (lists != null) {
        try (InputStream in = part(lists)) {
          harvest.addAll(
              allowed(
                  RpmMetadata.files(in).stream()
                      .map(file -> new RpmHeader.File(latin(file.path()), file.digest()))
                      .toList(),
                  harvest));
        }
        return harvest;
      }
      List<Pointer> packages = packages(parts);
      Workers.run(packages, file -> read(file, harvest, meter), harvest);
    } catch (IOException e) {
      throw new TenantException(
          Problem.BAD_INPUT, "the repository cannot be used: " + e.getMessage(), e);
    }
    return harvest;
  }

  private Map<String, Pointer> metadata() throws IOException {
    byte[] repomd = files.read(REPOMD, SMALL);
    if (key.isPresent()) {
      byte[] signature;
      try {
        signature = files.read(REPOMD + ".asc", SMALL);
      } catch (FileNotFoundException e) {
        throw new IOException("it is not signed, though a key for it is given", e);
      }
      Signature.require(repomd, signature, key.get());
    }
    return RpmMetadata.parts(repomd);
  }

  /** Metadata is small beside packages, and is compared with its checksum whole. */
  private InputStream part(Pointer pointer) throws IOException {
    byte[] content = files.read(pointer.href(), METADATA);
    pointer.require(content);
    return Decompressor.ofAny(new ByteArrayInputStream(content));
  }

  private List<Pointer> packages(Map<String, Pointer> parts) throws IOException {
    List<Pointer> listed = List.of();
    Pointer primary = parts.get("primary");
    if (primary == null && (key.isPresent() || files instanceof RepositoryFiles.Web)) {
      throw new IOException("its metadata does not say which packages it has");
    }
    if (primary != null && (key.isPresent() || files instanceof RepositoryFiles.Web)) {
      try (InputStream in = part(primary)) {
        listed = RpmMetadata.packages(in);
      }
    }
    if (!(files instanceof RepositoryFiles.Folder folder)) {
      return listed;
    }
    Map<String, Pointer> known =
        listed.stream().collect(Collectors.toMap(Pointer::href, p -> p, (a, b) -> a));
    List<Pointer> packages = new ArrayList<>();
    for (String file : folder.ending(".rpm")) {
      Pointer pointer = known.getOrDefault(file, new Pointer(file, ""));
      if (key.isPresent() && pointer.checksum().isEmpty()) {
        throw new IOException(file + " is not in the signed metadata");
      }
      packages.add(pointer);
    }
    return packages;
  }

  private List<Allowed> read(Pointer pointer, Harvest harvest, Meter meter) throws IOException {
    if (key.isPresent()) {
      byte[] content = files.read(pointer.href(), LARGEST_PACKAGE);
      pointer.require(content);
      meter.add(content.length);
      return allowed(RpmHeader.files(new ByteArrayInputStream(content)), harvest);
    }
    try (InputStream in = new BufferedInputStream(files.open(pointer.href()))) {
      List<Allowed> allowed = allowed(RpmHeader.files(in), harvest);
      meter.add(0);
      return allowed;
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(pointer.href(), e.getMessage()), e);
    }
  }

  /** Folders and links have no digest, or one of zeros; packages of long ago have MD5. */
  private static List<Allowed> allowed(List<RpmHeader.File> files, Harvest harvest)
      throws IOException {
    List<Allowed> allowed = new ArrayList<>();
    for (RpmHeader.File file : files) {
      String digest = file.digest();
      if (digest.chars().allMatch(c -> c == '0')) {
        continue;
      }
      if (digest.length() == MD5) {
        harvest.leaveOut(file.path(), "its package states an MD5 digest only");
      } else {
        allowed.add(new Allowed(ArchivePath.measured(file.path()), digest));
      }
    }
    return allowed;
  }

  private static String latin(String text) {
    return new String(
        text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
