package dev.keystead.tao;

import dev.keystead.tao.TaoException.Reason;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a program asks its host to attest.
 *
 * @param context what the data is, so that data signed for one purpose can't be used for another:
 *     {@link #DATA}, {@link #HOST_KEY}, {@link #PROGRAM_KEY}, or a context of the program's own, 1
 *     to {@value #MAX_CONTEXT} characters of {@code a-z 0-9 . / -} that do not begin with {@value
 *     #RESERVED}
 * @param data at most {@value #MAX_DATA} bytes
 * @param nonce from whoever will verify, {@value #MIN_NONCE} to {@value #MAX_NONCE} bytes
 */
public record AttestRequest(String context, byte[] data, Optional<byte[]> nonce) {
  /** The most bytes of data. */
  public static final int MAX_DATA = 16384;

  /** The longest context. */
  public static final int MAX_CONTEXT = 64;

  /** The shortest nonce. */
  public static final int MIN_NONCE = 8;

  /** The longest nonce. */
  public static final int MAX_NONCE = 64;

  /** How contexts begin that no program may choose, but for the three below. */
  public static final String RESERVED = "keystead/";

  /** Any data of the program's. */
  public static final String DATA = "keystead/data/1";

  /**
   * The data is the DER SubjectPublicKeyInfo of the key that this program attests with, as a host.
   */
  public static final String HOST_KEY = "keystead/host-key/1";

  /** The data is the DER SubjectPublicKeyInfo of the key that this program speaks with. */
  public static final String PROGRAM_KEY = "keystead/program-key/1";

  private static final Pattern FORM = Pattern.compile("[a-z0-9./-]{1,64}");
  private static final Set<String> OPEN = Set.of(DATA, HOST_KEY, PROGRAM_KEY);

  /** Just data, in the context {@link #DATA}, without a nonce. */
  public static AttestRequest of(byte[] data) {
    return new AttestRequest(DATA, data, Optional.empty());
  }

  /**
   * What a host does before it signs.
   *
   * @throws TaoException RESERVED_CONTEXT or INVALID
   */
  public void requireAllowed() throws TaoException {
    if (!FORM.matcher(context).matches()) {
      throw new TaoException(Reason.INVALID, "that is not a context");
    }
    if (context.startsWith(RESERVED) && !OPEN.contains(context)) {
      throw new TaoException(Reason.RESERVED_CONTEXT, "the context " + context + " is reserved");
    }
    if (data.length > MAX_DATA) {
      throw new TaoException(Reason.INVALID, "more than " + MAX_DATA + " bytes to attest");
    }
    int size = nonce.map(n -> n.length).orElse(MIN_NONCE);
    if (size < MIN_NONCE || size > MAX_NONCE) {
      throw new TaoException(Reason.INVALID, "a nonce of " + size + " bytes");
    }
  }
}
