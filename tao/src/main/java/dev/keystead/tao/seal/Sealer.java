package dev.keystead.tao.seal;

import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.Tao;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/**
 * Seals data for programs on one host, and opens it again for whom the blob's policy names. Safe
 * for several threads. The layout of a blob is in docs/sealing.md.
 */
public final class Sealer {
  private static final byte[] PLAIN = new byte[0];

  private final SecureRandom random = new SecureRandom();
  private final BlobCipher cipher;
  private final byte[] keyId;
  private final byte[] hostId;
  private final InstantSource clock;

  /** What was in a blob, with its header. */
  record Opened(BlobHeader header, byte[] data) {}

  /**
   * The sealer of one host.
   *
   * @param clock against which the owner's approvals expire
   */
  public Sealer(SealingRoot root, InstantSource clock) {
    this.cipher = root.cipher("keystead/blob/1");
    this.keyId = Arrays.copyOf(root.derive("keystead/blob-key-id/1"), BlobHeader.KEY_ID_SIZE);
    this.hostId = root.hostId();
    this.clock = clock;
  }

  /**
   * Seals data.
   *
   * @param data 0 to {@link Tao#MAX_SEALED} bytes
   * @throws TaoException INVALID when there is too much data, NOT_PERMITTED when the caller is not
   *     itself among those whom the policy names
   */
  public SealedBlob seal(Caller caller, SealPolicy policy, byte[] data) throws TaoException {
    requireSealable(caller, policy, data);
    return encrypt(caller, policy, 0, PLAIN, data);
  }

  /**
   * Opens a plain blob.
   *
   * @return the data, which the caller zeroes after use
   * @throws TaoException NOT_UNSEALED and nothing more, whatever the cause
   */
  public byte[] unseal(Caller caller, SealedBlob blob) throws TaoException {
    Opened opened = open(caller, blob);
    if (opened.header.version() != 0) {
      Arrays.fill(opened.data, (byte) 0);
      throw refused();
    }
    return opened.data;
  }

  /** Throws unless the caller may seal this. */
  void requireSealable(Caller caller, SealPolicy policy, byte[] data) throws TaoException {
    if (data.length > Tao.MAX_SEALED) {
      throw new TaoException(Reason.INVALID, "more than " + Tao.MAX_SEALED + " bytes to seal");
    }
    if (!Membership.maySeal(caller, policy, clock.instant())) {
      throw new TaoException(
          Reason.NOT_PERMITTED, caller.measurement() + " is not whom it wants to seal for");
    }
  }

  /** Encrypts what {@link #requireSealable} has let through. */
  SealedBlob encrypt(Caller caller, SealPolicy policy, long version, byte[] line, byte[] data) {
    byte[] salt = new byte[BlobHeader.SALT_SIZE];
    byte[] nonce = new byte[BlobHeader.NONCE_SIZE];
    random.nextBytes(salt);
    random.nextBytes(nonce);
    BlobHeader header =
        new BlobHeader(keyId, hostId, caller.measurement(), policy, version, line, salt, nonce);
    byte[] blob = header.write(data.length + BlobCipher.TAG_SIZE);
    cipher.encrypt(salt, nonce, data, blob, header.size());
    return new SealedBlob(blob);
  }

  /** Opens a blob of any kind. */
  Opened open(Caller caller, SealedBlob blob) throws TaoException {
    byte[] bytes = blob.bytes();
    BlobHeader header = BlobHeader.parse(bytes).orElseThrow(Sealer::refused);
    if (!MessageDigest.isEqual(header.keyId(), keyId)
        || !MessageDigest.isEqual(header.hostId(), hostId)) {
      throw refused();
    }
    byte[] data =
        Optional.ofNullable(cipher.decrypt(header.salt(), header.nonce(), bytes, header.size()))
            .orElseThrow(Sealer::refused);
    if (!Membership.mayUnseal(caller, header, clock.instant())) {
      Arrays.fill(data, (byte) 0);
      throw refused();
    }
    return new Opened(header, data);
  }

  /** The one refusal. */
  static TaoException refused() {
    return new TaoException(Reason.NOT_UNSEALED, "not unsealed");
  }
}
