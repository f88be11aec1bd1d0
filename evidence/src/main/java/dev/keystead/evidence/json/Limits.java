package dev.keystead.evidence.json;

/**
 * How much JSON is taken before it is refused.
 *
 * @param bytes the whole text, in UTF-8 bytes
 * @param depth objects and arrays inside one another; the outermost is 1
 * @param values all values of the text together
 * @param stringBytes one string or name, in bytes as written
 * @param numberLength one number, in characters
 */
public record Limits(int bytes, int depth, int values, int stringBytes, int numberLength) {
  private static final int MIB = 1 << 20;

  /** One message of a protocol. */
  public static final Limits WIRE = new Limits(MIB, 32, 65_536, MIB, 32);

  /** A reply that carries measurement lists as strings. */
  public static final Limits EVIDENCE = new Limits(128 * MIB, 32, 65_536, 128 * MIB, 32);

  /** A policy with a digest for each of very many files, bare or as a string in a message. */
  public static final Limits POLICY = new Limits(64 * MIB, 32, 4_000_000, 64 * MIB, 32);

  private static final int DEEPEST = 256;

  /** Checks that each limit is positive and the depth is safe for recursion. */
  public Limits {
    if (bytes < 1 || values < 1 || stringBytes < 0 || numberLength < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
    if (depth < 1 || depth > DEEPEST) {
      throw new IllegalArgumentException("depth must be from 1 to " + DEEPEST);
    }
  }

  /** These limits with another size of the whole text and of each string. */
  public Limits withBytes(int size) {
    return new Limits(size, depth, values, size, numberLength);
  }
}
