package dev.keystead.cli.server;

import dev.keystead.cli.InputFile;
import dev.keystead.evidence.endorsement.EndorsementStore;
import dev.keystead.evidence.endorsement.EndorsementVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder of makers' certificates and revocation lists. */
final class Makers {
  private Makers() {}

  /** The makers in a folder; none without one. */
  static Optional<EndorsementVerifier> in(@Nullable Path folder) throws IOException {
    if (folder == null) {
      return Optional.empty();
    }
    List<byte[]> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        files.add(InputFile.read(file, 4 * InputFile.SMALL, "maker's certificates"));
      }
    }
    return Optional.of(new EndorsementVerifier(EndorsementStore.of(files)));
  }
}
