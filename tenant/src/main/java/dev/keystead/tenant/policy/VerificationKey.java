package dev.keystead.tenant.policy;

import dev.keystead.evidence.ima.ImaKey;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.KeyPairs;
import dev.keystead.http.tls.Pem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Reads keys that files are signed with, from what owners keep them in. */
public final class VerificationKey {
  private VerificationKey() {}

  /**
   * The key in a certificate, a public key or a private key (its public half), in PEM or DER; a
   * private key in PEM alone.
   *
   * @throws CredentialException when the content is none of these, or the key is too weak
   */
  public static ImaKey parse(byte[] content) {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    if (!text.contains("-----BEGIN ")) {
      return find(content);
    }
    if (text.contains("PRIVATE KEY-----")) {
      try {
        return ImaKey.of(KeyPairs.fromPem(text).getPublic());
      } catch (IllegalArgumentException e) {
        throw new CredentialException(String.valueOf(e.getMessage()), e);
      }
    }
    List<Pem.Block> blocks = Pem.parse(text);
    if (blocks.size() != 1) {
      throw new CredentialException("it holds %d PEM blocks, not one".formatted(blocks.size()));
    }
    return find(blocks.getFirst().der());
  }

  private static ImaKey find(byte[] der) {
    Optional<ImaKey> key = ImaKey.find(der);
    return key.orElseThrow(() ->
        new CredentialException(
            "it is neither a certificate nor a public key of RSA from 2048 bits or EC from 256"));
  }
}
