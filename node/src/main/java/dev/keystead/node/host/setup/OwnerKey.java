package dev.keystead.node.host.setup;

import dev.keystead.claims.cose.SigningKey;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.attestation.Owner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;

/**
 * The policy key with its private half, in a directory of the owner's: {@code policy-key.pem} to
 * give away and {@code policy-private.pem} to keep off line.
 */
public final class OwnerKey {
  private static final String PUBLIC = "policy-key.pem";
  private static final String PRIVATE = "policy-private.pem";
  private static final int MAX_KEY = 4096;

  private OwnerKey() {}

  /**
   * The owner whose key is in this directory; a new key when it has none.
   *
   * @throws HostException when the key cannot be read or made
   */
  public static Owner open(Path directory) {
    Path file = directory.resolve(PRIVATE);
    try {
      PrivateFiles.folder(directory);
      if (!Files.exists(file)) {
        KeyPair pair = PrivateKeys.generate(KeyType.EC_P256);
        PrivateFiles.write(directory.resolve(PUBLIC), PrivateKeys.toPem(pair.getPublic()));
        PrivateFiles.write(file, PrivateKeys.toPem(pair.getPrivate()));
      }
      PolicyKey policyKey = PolicyKeyFile.read(directory.resolve(PUBLIC));
      String text = new String(PrivateFiles.read(file, MAX_KEY), StandardCharsets.US_ASCII);
      return new Owner(policyKey, new SigningKey(policyKey.key(), PrivateKeys.fromPem(text)));
    } catch (IOException | CredentialException e) {
      throw new HostException("the owner's key: " + e.getMessage(), e);
    }
  }
}
