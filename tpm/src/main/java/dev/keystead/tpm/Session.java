package dev.keystead.tpm;

import dev.keystead.tpm.crypto.Cfb;
import dev.keystead.tpm.crypto.Hmac;
import dev.keystead.tpm.crypto.Kdf;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.SymmetricDef;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmWriter;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A session with a TPM (Part 1, 19): it carries authorizations, and encrypts parameters if it has a
 * symmetric algorithm. Used by one thread at a time. Closing it flushes it and zeroes its key.
 */
public final class Session implements AutoCloseable {
  /** TPM_RS_PW: authorization values go to the TPM as they are. */
  public static final Session PASSWORD =
      new Session(null, new Started(0x40000009, Kind.PASSWORD, HashAlg.SHA256, new byte[0]));

  /** What a session does with an authorization. */
  public enum Kind {
    /** Sends it in clear. */
    PASSWORD,
    /** Proves knowledge of it. */
    HMAC,
    /** Satisfies a policy instead. */
    POLICY,
    /** Computes a policy's digest and authorizes nothing. */
    TRIAL
  }

  /**
   * What StartAuthSession agreed on.
   *
   * @param key the session key, empty when the session is neither salted nor bound
   * @param symmetric what parameters are encrypted with
   * @param bound the Name of the entity that the session is bound to
   */
  public record Started(
      int handle,
      Kind kind,
      HashAlg hash,
      byte[] key,
      byte[] nonceTpm,
      Optional<SymmetricDef> symmetric,
      Optional<TpmName> bound) {
    private Started(int handle, Kind kind, HashAlg hash, byte[] none) {
      this(handle, kind, hash, none, none, Optional.empty(), Optional.empty());
    }
  }

  private static final SecureRandom RANDOM = new SecureRandom();

  private final @Nullable Tpm tpm;
  private final Started started;
  private byte[] nonceTpm;
  private byte[] nonceCaller = new byte[0];

  private Session(@Nullable Tpm tpm, Started started) {
    this.tpm = tpm;
    this.started = started;
    this.nonceTpm = started.nonceTpm;
  }

  /** A session that {@code tpm} has started. */
  public static Session of(Tpm tpm, Started started) {
    return new Session(tpm, started);
  }

  /** The session's handle. */
  public Handle handle() {
    return Handle.session(started.handle);
  }

  /** The hash of its HMACs and of its policy. */
  public HashAlg hash() {
    return started.hash;
  }

  /** Whether parameters can be encrypted with it. */
  public boolean encrypts() {
    return started.symmetric.isPresent();
  }

  /** What PolicySecret and PolicySigned may bind their authorization to. */
  public byte[] nonceTpm() {
    return nonceTpm.clone();
  }

  /** Flushes the session and zeroes its key. */
  @Override
  public void close() throws TpmException {
    Arrays.fill(started.key, (byte) 0);
    if (tpm != null) {
      tpm.flush(handle());
    }
  }

  Kind kind() {
    return started.kind;
  }

  byte[] nonceCaller() {
    return nonceCaller;
  }

  void rollNonceCaller() {
    if (started.kind != Kind.PASSWORD) {
      byte[] fresh = new byte[started.hash.size()];
      RANDOM.nextBytes(fresh);
      nonceCaller = fresh;
    }
  }

  void rollNonceTpm(byte[] fresh) {
    nonceTpm = fresh;
  }

  boolean isBoundTo(Handle entity) {
    return started.bound.isPresent() && started.bound.get().equals(entity.name());
  }

  /** HMAC over a parameter hash, the newer nonce, the older one and the attributes. */
  byte[] hmac(byte[] auth, byte[]... parts) {
    byte[] key = new TpmWriter().bytes(started.key).bytes(auth).toBytes();
    byte[] mac =
        key.length == 0 && started.kind != Kind.HMAC
            ? new byte[0]
            : Hmac.of(started.hash, key, parts);
    Arrays.fill(key, (byte) 0);
    return mac;
  }

  /** Encrypts the content of the first command parameter (Part 1, 21.3). */
  byte[] encrypt(byte[] auth, byte[] data) {
    byte[] secret = parameterKey(auth, nonceCaller, nonceTpm);
    int split = secret.length - Cfb.IV_SIZE;
    return Cfb.encrypt(
        Arrays.copyOf(secret, split), Arrays.copyOfRange(secret, split, secret.length), data);
  }

  /** Decrypts the content of the first response parameter; the TPM's nonce has been rolled. */
  byte[] decrypt(byte[] auth, byte[] data) {
    byte[] secret = parameterKey(auth, nonceTpm, nonceCaller);
    int split = secret.length - Cfb.IV_SIZE;
    return Cfb.decrypt(
        Arrays.copyOf(secret, split), Arrays.copyOfRange(secret, split, secret.length), data);
  }

  private byte[] parameterKey(byte[] auth, byte[] newer, byte[] older) {
    byte[] key = new TpmWriter().bytes(started.key).bytes(auth).toBytes();
    int bits = started.symmetric.orElseThrow().keyBits() + Cfb.IV_SIZE * 8;
    byte[] derived = Kdf.a(started.hash, key, "CFB", newer, older, bits);
    Arrays.fill(key, (byte) 0);
    return derived;
  }
}
