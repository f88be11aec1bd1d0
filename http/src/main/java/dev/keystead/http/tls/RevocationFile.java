package dev.keystead.http.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509CRL;
import java.util.List;

/**
 * The revocation list in a file in DER, read again whenever the file has changed, so that a server
 * that runs refuses what has been revoked meanwhile. A file that cannot be read revokes everything.
 */
public final class RevocationFile implements RevocationSource {
  private static final int MAX_SIZE = 4 << 20;

  private final Path file;
  private volatile Snapshot snapshot;

  private record Snapshot(FileTime modified, long size, Object key, List<X509CRL> lists) {
    boolean isOf(BasicFileAttributes now) {
      return modified.equals(now.lastModifiedTime())
          && size == now.size()
          && key.equals(String.valueOf(now.fileKey()));
    }
  }

  private RevocationFile(Path file, Snapshot snapshot) {
    this.file = file;
    this.snapshot = snapshot;
  }

  /**
   * Reads a file for the first time.
   *
   * @throws IOException if it cannot be read
   * @throws CredentialException if it is no revocation list
   */
  public static RevocationFile of(Path file) throws IOException {
    return new RevocationFile(file, read(file));
  }

  @Override
  public List<X509CRL> current() {
    Snapshot known = snapshot;
    try {
      if (!known.isOf(attributes(file))) {
        known = read(file);
        snapshot = known;
      }
    } catch (IOException e) {
      throw new CredentialException("the revocation list cannot be read", e);
    }
    return known.lists;
  }

  /** The attributes before the content: a change in between is seen the next time. */
  private static Snapshot read(Path file) throws IOException {
    BasicFileAttributes attributes = attributes(file);
    return new Snapshot(
        attributes.lastModifiedTime(),
        attributes.size(),
        String.valueOf(attributes.fileKey()),
        List.of(Certificates.crlFromDer(PrivateFiles.read(file, MAX_SIZE))));
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class);
  }
}
