package dev.keystead.tao;

/**
 * Data that only a host can open again, and opens only for whom its policy names.
 *
 * @param bytes at most {@value #MAX_SIZE} bytes
 */
public record SealedBlob(byte[] bytes) {
  /** The most bytes of a blob: {@link Tao#MAX_SEALED} of data and 4 KiB around it. */
  public static final int MAX_SIZE = Tao.MAX_SEALED + 4096;

  /** Checks the size. */
  public SealedBlob {
    if (bytes.length == 0 || bytes.length > MAX_SIZE) {
      throw new IllegalArgumentException("a sealed blob has 1 to " + MAX_SIZE + " bytes");
    }
  }
}
