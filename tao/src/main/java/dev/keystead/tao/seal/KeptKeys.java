package dev.keystead.tao.seal;

import dev.keystead.claims.Sha256;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Keys as objects that a host keeps for programs and gives out by the owner's permission: how a new
 * version of a program comes to the keys of the one before it. A key belongs to the program that
 * put it there. Safe for several threads.
 */
public final class KeptKeys implements AutoCloseable {
  /** The most bytes of a key. */
  public static final int MAX_KEY = 4096;

  /** "KSN" and the version of the layout. */
  private static final int MAGIC = 0x4b534e01;

  private final Envelope envelope;
  private final Disk disk;
  private final InstantSource clock;

  /**
   * The keys that a host keeps.
   *
   * @param directory which one process uses at a time; created when it is missing
   * @throws TaoException UNAVAILABLE when the directory can't be used
   */
  public KeptKeys(SealingRoot root, Path directory, InstantSource clock) throws TaoException {
    this.envelope = new Envelope(root, "keystead/kept-key/1", MAGIC);
    this.clock = clock;
    try {
      this.disk = new DirectoryDisk(directory);
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  /**
   * Keeps a key of the caller's, instead of one that had the same name.
   *
   * @param key 0 to {@value #MAX_KEY} bytes
   * @throws TaoException INVALID when the key is too long
   */
  public synchronized void put(Caller caller, String name, byte[] key) throws TaoException {
    if (key.length > MAX_KEY) {
      throw new TaoException(Reason.INVALID, "a key of more than " + MAX_KEY + " bytes");
    }
    Permission.Key whose = key(caller, name);
    byte[] id = id(whose);
    byte[] data = Arrays.copyOf(id, id.length + key.length);
    System.arraycopy(key, 0, data, id.length, key.length);
    String file = HexFormat.of().formatHex(id);
    try {
      disk.write(file + ".new", envelope.wrap(data));
      disk.sync(file + ".new");
      disk.rename(file + ".new", file);
      disk.syncDirectory();
    } catch (IOException e) {
      throw unavailable(e);
    } finally {
      Arrays.fill(data, (byte) 0);
    }
  }

  /** A key of the caller's own; otherwise as {@link #get(Caller, Permission.Key)}. */
  public byte[] get(Caller caller, String name) throws TaoException {
    return get(caller, key(caller, name));
  }

  /**
   * A key of the caller's own, or one that the owner permits the caller to read.
   *
   * @return the key, which the caller zeroes after use
   * @throws TaoException NOT_UNSEALED when there is no such key or it is not for the caller
   */
  public synchronized byte[] get(Caller caller, Permission.Key wanted) throws TaoException {
    boolean own = wanted.keeper().equals(caller.measurement());
    if (!own && caller.credentials().stream().noneMatch(c -> allows(c, wanted))) {
      throw Sealer.refused();
    }
    byte[] id = id(wanted);
    byte[] data =
        read(HexFormat.of().formatHex(id)).flatMap(envelope::unwrap).orElseThrow(Sealer::refused);
    try {
      if (data.length < id.length || !MessageDigest.isEqual(id, Arrays.copyOf(data, id.length))) {
        throw Sealer.refused();
      }
      return Arrays.copyOfRange(data, id.length, data.length);
    } finally {
      Arrays.fill(data, (byte) 0);
    }
  }

  private boolean allows(Credential credential, Permission.Key wanted) {
    return credential instanceof Permission permission
        && permission.allows(wanted, clock.instant());
  }

  private Optional<byte[]> read(String file) throws TaoException {
    try {
      return disk.read(file, Sha256.SIZE + MAX_KEY + Envelope.OVERHEAD);
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  private static Permission.Key key(Caller caller, String name) throws TaoException {
    try {
      return new Permission.Key(caller.measurement(), name);
    } catch (IllegalArgumentException e) {
      throw new TaoException(Reason.INVALID, "that is no name of a key", e);
    }
  }

  /** What a key's file is called, and what must stand in it. */
  private static byte[] id(Permission.Key key) {
    return Sha256.of(key.keeper().bytes(), key.name().getBytes(StandardCharsets.US_ASCII));
  }

  private static TaoException unavailable(IOException e) {
    return new TaoException(Reason.UNAVAILABLE, "the kept keys: " + e.getMessage(), e);
  }

  @Override
  public void close() throws TaoException {
    try {
      disk.close();
    } catch (IOException e) {
      throw unavailable(e);
    }
  }
}
