package dev.keystead.lab.opinion;

import dev.keystead.evidence.boot.BootEvent;
import dev.keystead.evidence.boot.BootLog;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.command.Pcr;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The boot log of a real boot.
 *
 * @param name the folder of the boot
 * @param file the log
 */
record Boot(String name, Path file) {
  private static final String LOG = "binary_bios_measurements";

  /** Every boot that was recorded. */
  static Stream<Boot> all() throws IOException, URISyntaxException {
    Path folders = Path.of(Objects.requireNonNull(Boot.class.getResource("/fixtures")).toURI());
    try (Stream<Path> files = Files.walk(folders)) {
      List<Boot> boots =
          files
              .filter(file -> file.endsWith(LOG))
              .sorted()
              .map(file -> new Boot(name(folders.relativize(file).toString()), file))
              .toList();
      return boots.stream();
    }
  }

  private static String name(String file) {
    return file.substring(0, file.length() - LOG.length() - 1);
  }

  /** The boot in this folder. */
  static Boot of(String folder) throws IOException, URISyntaxException {
    return all().filter(boot -> boot.name().equals(folder)).findFirst().orElseThrow();
  }

  byte[] bytes() throws IOException {
    return Files.readAllBytes(file);
  }

  BootLog log() throws IOException {
    return BootLog.parse(bytes());
  }

  /** Extends a TPM as that machine's firmware has extended its own. */
  void measureInto(Tpm tpm) throws IOException, TpmException {
    for (BootEvent event : log().events()) {
      if (event.isExtended()) {
        tpm.execute(
            new Pcr.Extend(
                Handle.pcr(event.pcr()).withEmptyAuth(), List.copyOf(event.digests().values())));
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
