package dev.keystead.tpm.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Where the shared library libtpms lies. */
final class TpmLibrary {
  private static final String SONAME = "libtpms.so.0";
  private static final List<String> DIRECTORIES =
      List.of(
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu",
          "/lib/x86_64-linux-gnu",
          "/lib/aarch64-linux-gnu",
          "/usr/local/lib64",
          "/usr/local/lib",
          "/usr/lib64",
          "/usr/lib");

  private TpmLibrary() {}

  static Path find() throws IOException {
    for (String directory : DIRECTORIES) {
      Path library = Path.of(directory, SONAME);
      if (Files.isRegularFile(library)) {
        return library.toRealPath();
      }
    }
    throw new IOException(
        SONAME
            + " is not in "
            + String.join(", ", DIRECTORIES)
            + "; install libtpms0 (Debian) or libtpms");
  }

  /**
   * Makes a copy that the dynamic linker has not seen: it loads a file once per process, and one
   * loaded library holds one TPM. It lies in the TPM's own directory because temporary directories
   * are often mounted so that nothing in them can be executed.
   */
  static Path copy(Path directory) throws IOException {
    return Files.copy(find(), directory.resolve("libtpms.so"), StandardCopyOption.REPLACE_EXISTING);
  }
}
