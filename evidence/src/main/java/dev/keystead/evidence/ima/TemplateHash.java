package dev.keystead.evidence.ima;

import dev.keystead.tpm.structure.HashAlg;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/** Compares template data with its template hash, without allocating. */
final class TemplateHash {
  private final MessageDigest digest;
  private final byte[] value;

  TemplateHash(HashAlg alg) {
    this.digest = alg.digest();
    this.value = new byte[alg.size()];
  }

  int size() {
    return value.length;
  }

  boolean fits(byte[] data, int from, int length, byte[] templateHash) {
    try {
      digest.update(data, from, length);
      digest.digest(value, 0, value.length);
    } catch (DigestException e) {
      throw new IllegalStateException("a digest of another size than its algorithm's", e);
    }
    return Arrays.equals(value, templateHash);
  }
}
