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
   * loaded library holds one TPM.
   */
  static Path copy() throws IOException {
    Path copy = Files.createTempFile("libtpms", ".so");
    Files.copy(find(), copy, StandardCopyOption.REPLACE_EXISTING);
    return copy;
  }
}
