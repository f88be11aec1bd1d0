package dev.keystead.node.host.setup;

import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.Pem;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.tao.PolicyKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The policy key as a file: a PEM block PUBLIC KEY. */
public final class PolicyKeyFile {
  private static final int MAX_SIZE = 4096;

  private PolicyKeyFile() {}

  /**
   * Reads it.
   *
   * @throws HostException when the file holds no key on P-256, or more than one
   */
  public static PolicyKey read(Path file) {
    try {
      List<Pem.Block> blocks =
          Pem.parse(new String(PrivateFiles.read(file, MAX_SIZE), StandardCharsets.US_ASCII));
      if (blocks.size() == 1 && blocks.getFirst().label().equals("PUBLIC KEY")) {
        return PolicyKey.of(blocks.getFirst().der());
      }
      throw new HostException("the policy key %s is not one public key".formatted(file));
    } catch (IOException | CredentialException | IllegalArgumentException e) {
      throw new HostException("the policy key %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  static void write(Path file, PolicyKey key) throws IOException {
    PrivateFiles.write(file, PrivateKeys.toPem(key.key()));
  }
}
