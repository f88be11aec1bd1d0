package dev.keystead.http.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key with its certificate and what leads from there to an authority. The key belongs to
 * the certificate: an identity of which this is not true can't be built.
 */
public final class TlsIdentity {
  private final PrivateKey key;
  private final List<X509Certificate> chain;

  /**
   * Joins a key and its chain, own certificate first.
   *
   * @throws CredentialException if the chain is empty or the key does not belong to it
   */
  public TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      throw new CredentialException("identity without a certificate");
    }
    PrivateKeys.checkPair(key, chain.getFirst().getPublicKey());
    this.key = key;
    this.chain = List.copyOf(chain);
  }

  /**
   * Reads both from PEM files.
   *
   * @throws IOException if a file cannot be read
   * @throws CredentialException if one is malformed or they do not belong together
   */
  public static TlsIdentity load(Path keyFile, Path chainFile) throws IOException {
    return new TlsIdentity(
        PrivateKeys.fromPem(PrivateFiles.readPem(keyFile)),
        Certificates.fromPem(PrivateFiles.readPem(chainFile)));
  }

  /**
   * Writes both as PEM files that only their owner may read, the key last: where the key is, all is
   * there.
   */
  public void save(Path keyFile, Path chainFile) throws IOException {
    PrivateFiles.write(chainFile, Certificates.toPem(chain));
    PrivateFiles.write(keyFile, PrivateKeys.toPem(key));
  }

  /** The private key. */
  public PrivateKey key() {
    return key;
  }

  /** The certificates, own first. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** The own certificate. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** The subject; never the key. */
  @Override
  public String toString() {
    return "TlsIdentity[" + certificate().getSubjectX500Principal() + "]";
  }
}
