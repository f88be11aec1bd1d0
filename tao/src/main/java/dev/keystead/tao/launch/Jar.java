package dev.keystead.tao.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * A jar.
 *
 * @param file where it lies
 * @param digest SHA-256 of its content
 */
record Jar(Path file, byte[] digest) {
  /** Refuses a jar that names further jars, which nobody would measure. */
  static void requireWhole(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      Manifest manifest = jar.getManifest();
      if (manifest != null
          && manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH) != null) {
        throw new IOException(
            file + " names further jars in its manifest: list them in the class path instead");
      }
    }
  }
}
