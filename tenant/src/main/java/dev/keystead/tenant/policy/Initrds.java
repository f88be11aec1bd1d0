package dev.keystead.tenant.policy;

import dev.keystead.tenant.TenantException;
import dev.keystead.tenant.TenantException.Problem;
import dev.keystead.tenant.policy.Harvest.Allowed;
import dev.keystead.tpm.structure.HashAlg;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The initrds in a folder as a source of a policy: all files whose name begins with {@code initr}.
 * Every archive in them counts, compressed or not, as the kernel unpacks them all.
 *
 * @param folder such as {@code /boot}
 */
public record Initrds(Path folder) {
  private static final int BUFFER = 256 << 10;

  Harvest harvest(HashAlg alg, Meter meter) {
    Harvest harvest = new Harvest();
    try (Arena arena = Arena.ofConfined()) {
      FileHasher hasher = new FileHasher(alg, meter, arena);
      for (Path initrd : list()) {
        read(initrd, hasher, harvest);
      }
    }
    return harvest;
  }

  /** The files behind the names, each once. */
  private Set<Path> list() {
    try (Stream<Path> files = Files.list(folder)) {
      Set<Path> initrds = new LinkedHashSet<>();
      for (Path file : files.sorted().toList()) {
        boolean named = file.getFileName().toString().startsWith("initr");
        if (named && Files.isRegularFile(file)) {
          initrds.add(file.toRealPath());
        }
      }
      return initrds;
    } catch (IOException e) {
      throw new TenantException(
          Problem.BAD_INPUT, "the folder of initrds %s cannot be listed".formatted(folder), e);
    }
  }

  private static void read(Path initrd, FileHasher hasher, Harvest harvest) {
    List<Allowed> allowed = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(initrd), BUFFER)) {
      archives(in, true, hasher, allowed);
    } catch (IOException e) {
      throw new TenantException(
          Problem.BAD_INPUT,
          "the initrd %s cannot be read: %s".formatted(initrd, e.getMessage()),
          e);
    }
    harvest.addAll(allowed);
  }

  private static void archives(
      InputStream in, boolean compressible, FileHasher hasher, List<Allowed> allowed)
      throws IOException {
    while (skipZeros(in)) {
      byte[] first = Decompressor.peek(in);
      if (CpioReader.isMagic(first)) {
        archive(new CpioReader(in), hasher, allowed);
        continue;
      }
      Optional<Decompressor> format = Decompressor.of(first);
      if (format.isEmpty() || !compressible) {
        throw new IOException("an archive in it is of no kind that is known");
      }
      try (InputStream inside = format.get().open(in)) {
        archives(inside, false, hasher, allowed);
      }
      return;
    }
  }

  /** Whether something follows behind the zeros. */
  private static boolean skipZeros(InputStream in) throws IOException {
    int next = 0;
    while (next == 0) {
      in.mark(1);
      next = in.read();
    }
    if (next > 0) {
      in.reset();
    }
    return next > 0;
  }

  /** A file of several names has its content at one of them. */
  private static void archive(CpioReader archive, FileHasher hasher, List<Allowed> allowed)
      throws IOException {
    Map<String, List<String>> names = new HashMap<>();
    Map<String, String> digests = new HashMap<>();
    for (Optional<CpioReader.Entry> e = archive.next(); e.isPresent(); e = archive.next()) {
      CpioReader.Entry entry = e.get();
      if (!entry.isRegular()) {
        continue;
      }
      String name = ArchivePath.measured(entry.path());
      String digest = archive.hash(entry, hasher);
      if (entry.links() < 2) {
        allowed.add(new Allowed(name, digest));
      } else {
        names.computeIfAbsent(entry.inode(), key -> new ArrayList<>()).add(name);
        if (entry.size() > 0 || !digests.containsKey(entry.inode())) {
          digests.put(entry.inode(), digest);
        }
      }
    }
    digests.forEach((inode, digest) ->
        names
            .getOrDefault(inode, List.of())
            .forEach(name -> allowed.add(new Allowed(name, digest))));
  }
}
