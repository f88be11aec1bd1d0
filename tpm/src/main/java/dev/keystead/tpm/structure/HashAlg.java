package dev.keystead.tpm.structure;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;

/** A hash algorithm of the TCG registry, with its size and the names that others know it by. */
public enum HashAlg {
  /** Readable in banks and logs; never accepted as the hash of a signature. */
  SHA1(0x0004, 20, "SHA-1"),
  /** SHA-256. */
  SHA256(0x000b, 32, "SHA-256"),
  /** SHA-384. */
  SHA384(0x000c, 48, "SHA-384"),
  /** SHA-512. */
  SHA512(0x000d, 64, "SHA-512"),
  /** SM3-256: known so that logs and selections that contain it can be read. */
  SM3_256(0x0012, 32, "SM3"),
  /** SHA3-256. */
  SHA3_256(0x0027, 32, "SHA3-256"),
  /** SHA3-384. */
  SHA3_384(0x0028, 48, "SHA3-384"),
  /** SHA3-512. */
  SHA3_512(0x0029, 64, "SHA3-512");

  private static final HashAlg[] ALL = values();

  private final int id;
  private final int size;
  private final String javaName;
  private final String label;

  HashAlg(int id, int size, String javaName) {
    this.id = id;
    this.size = size;
    this.javaName = javaName;
    this.label = name().toLowerCase(Locale.ROOT);
  }

  /** The TPM_ALG_ID. */
  public int id() {
    return id;
  }

  /** The digest size in bytes. */
  public int size() {
    return size;
  }

  /** The name as Keylime, the kernel and tpm2-tools write it: {@code sha256}. */
  public String label() {
    return label;
  }

  /** The JCA name of the digest. */
  public String javaName() {
    return javaName;
  }

  /** {@code SHA256}, as it stands in JCA signature and MAC names such as {@code SHA256withRSA}. */
  public String signatureName() {
    return javaName.startsWith("SHA-") ? javaName.replace("-", "") : javaName;
  }

  /** A fresh digest. */
  public MessageDigest digest() {
    try {
      return MessageDigest.getInstance(javaName);
    } catch (NoSuchAlgorithmException e) {
      throw new TpmFormatException("this Java has no " + javaName);
    }
  }

  /** The digest of the concatenation of {@code parts}. */
  public byte[] hash(byte[]... parts) {
    MessageDigest digest = digest();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  /** The algorithm with this TPM_ALG_ID, if it is a hash that we know. */
  public static Optional<HashAlg> find(int id) {
    for (HashAlg alg : ALL) {
      if (alg.id == id) {
        return Optional.of(alg);
      }
    }
    return Optional.empty();
  }

  /** The algorithm with this TPM_ALG_ID. */
  public static HashAlg of(int id) {
    return find(id)
        .orElseThrow(() -> new TpmFormatException("unknown hash algorithm 0x%04x".formatted(id)));
  }

  /** The algorithm with this label, such as {@code sha256}; case matters. */
  public static Optional<HashAlg> named(String label) {
    for (HashAlg alg : ALL) {
      if (alg.label.equals(label)) {
        return Optional.of(alg);
      }
    }
    return Optional.empty();
  }
}
