package dev.keystead.tao.seal;

import dev.keystead.claims.Sha256;
import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealPolicy.AnyApproved;
import dev.keystead.tao.SealPolicy.ThisMeasurement;
import dev.keystead.tao.SealPolicy.UpgradeSet;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.seal.RollbackException.Trouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Seals blobs of which only the newest can be unsealed, whoever puts an older one back
 * (docs/sealing.md). A program has a line of blobs for each label. It seals, puts the blob on its
 * disk, and confirms it; from then on every earlier blob of the line is refused. Until it confirms,
 * the blobs since the last confirmed one are all good, so that a power cut costs no program its
 * state; the first of them that is unsealed is chosen, and the others are refused from then on.
 *
 * <p>Safe for several threads.
 */
public final class FreshSealer implements AutoCloseable {
  private static final int MAX_LABEL = 64;

  private final SecureRandom random = new SecureRandom();
  private final Sealer sealer;
  private final VersionsLedger ledger;
  private final Disk disk;
  private final byte[] hostId;

  /**
   * The fresh sealer of a host. Nothing is read before the first use, and each use fails with a
   * {@link RollbackException} for as long as table and counter do not belong together.
   *
   * @param directory of the table, which one process uses at a time; created when it is missing
   * @throws RollbackException UNREACHABLE when the directory can't be used
   */
  public FreshSealer(SealingRoot root, Sealer sealer, Counter counter, Path directory)
      throws RollbackException {
    this(root, sealer, counter, open(directory));
  }

  FreshSealer(SealingRoot root, Sealer sealer, Counter counter, Disk disk) {
    this.sealer = sealer;
    this.disk = disk;
    this.hostId = root.hostId();
    this.ledger = new VersionsLedger(new VersionsFile(root, disk), counter);
  }

  private static Disk open(Path directory) throws RollbackException {
    try {
      return new DirectoryDisk(directory);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private static RollbackException unreachable(IOException e) {
    return new RollbackException(Trouble.UNREACHABLE, "table of versions: " + e.getMessage(), e);
  }

  /** Makes the host's first table, once, when the host is set up. */
  public synchronized void create() throws RollbackException {
    ledger.create();
  }

  /**
   * Gives up all fresh blobs that there are: none of them is ever good again.
   *
   * @throws RollbackException ORDER_REFUSED when the order is for another host, or for another
   *     value of the counter than it has now
   */
  public synchronized void startAnew(NewStart order) throws RollbackException {
    if (!MessageDigest.isEqual(order.hostId(), hostId)) {
      throw new RollbackException(Trouble.ORDER_REFUSED, "the order is for another host");
    }
    ledger.startAnew(order.counter());
  }

  /** Finds the table in force, if table and counter belong together. */
  public synchronized void check() throws RollbackException {
    ledger.current();
  }

  /**
   * Seals the next blob of a line.
   *
   * @param label which line of the caller's, 0 to {@value #MAX_LABEL} characters
   * @throws TaoException INVALID for too much data, too long a label or too many lines;
   *     NOT_PERMITTED when the caller is not among those whom the policy names
   */
  public synchronized SealedBlob seal(Caller caller, SealPolicy policy, String label, byte[] data)
      throws TaoException {
    sealer.requireSealable(caller, policy, data);
    Versions versions = ledger.current();
    byte[] scope = scope(caller, policy);
    Line line = versions.line(scope, digest(label)).orElse(null);
    if (line == null) {
      line = begin(versions, scope, label);
    }
    Line next = line.next();
    SealedBlob blob = sealer.encrypt(caller, policy, next.last(), next.id(), data);
    ledger.update(versions.with(next));
    return blob;
  }

  /**
   * Whether the caller has a line with this label. A program that has one, and finds no blob of it
   * on its disk, was robbed of it.
   */
  public synchronized boolean has(Caller caller, SealPolicy policy, String label)
      throws TaoException {
    return ledger.current().line(scope(caller, policy), digest(label)).isPresent();
  }

  /** Says that a blob is on disk to stay: every earlier one of its line is refused from now on. */
  public synchronized void confirm(Caller caller, SealedBlob blob) throws TaoException {
    Sealer.Opened opened = sealer.open(caller, blob);
    Arrays.fill(opened.data(), (byte) 0);
    Line line = line(opened.header());
    Line confirmed = line.confirm(opened.header().version());
    if (!confirmed.equals(line)) {
      ledger.update(ledger.current().with(confirmed));
    }
  }

  /**
   * Opens the blob that the caller goes on from: every other one of its line that was sealed so far
   * is refused from now on.
   *
   * @return the data, which the caller zeroes after use
   * @throws TaoException NOT_UNSEALED, whatever is wrong with the blob
   */
  public synchronized byte[] unseal(Caller caller, SealedBlob blob) throws TaoException {
    Sealer.Opened opened = sealer.open(caller, blob);
    boolean good = false;
    try {
      long version = opened.header().version();
      Line line = line(opened.header());
      if (!line.isSettledOn(version)) {
        ledger.update(ledger.current().with(line.settleOn(version)));
      }
      good = true;
      return opened.data();
    } finally {
      if (!good) {
        Arrays.fill(opened.data(), (byte) 0);
      }
    }
  }

  /** Ends the line of a good blob; none of its blobs is ever good again. */
  public synchronized void end(Caller caller, SealedBlob blob) throws TaoException {
    Sealer.Opened opened = sealer.open(caller, blob);
    Arrays.fill(opened.data(), (byte) 0);
    Line line = line(opened.header());
    ledger.update(ledger.current().without(line));
  }

  private Line line(BlobHeader header) throws TaoException {
    long version = header.version();
    return ledger
        .current()
        .line(header.line())
        .filter(l -> version > 0 && l.accepts(version))
        .orElseThrow(Sealer::refused);
  }

  private Line begin(Versions versions, byte[] scope, String label) throws TaoException {
    if (!versions.hasRoomFor(scope)) {
      throw new TaoException(Reason.INVALID, "too many lines of fresh blobs");
    }
    byte[] id = new byte[BlobHeader.LINE_SIZE];
    random.nextBytes(id);
    return new Line(scope, digest(label), id, 0, 0, 0);
  }

  private static byte[] digest(String label) throws TaoException {
    if (label.length() > MAX_LABEL) {
      throw new TaoException(Reason.INVALID, "a label has at most " + MAX_LABEL + " characters");
    }
    return Sha256.of(label.getBytes(StandardCharsets.UTF_8));
  }

  /** Whose line it is: later versions of a product go on with the lines of earlier ones. */
  private static byte[] scope(Caller caller, SealPolicy policy) {
    return switch (policy) {
      case ThisMeasurement _ -> Sha256.of(new byte[] {1}, caller.measurement().bytes());
      case UpgradeSet set -> {
        byte[] product = set.product().getBytes(StandardCharsets.US_ASCII);
        yield Sha256.of(new byte[] {2}, set.publisher().digest(), product);
      }
      case AnyApproved _ -> Sha256.of(new byte[] {3});
    };
  }

  @Override
  public void close() throws RollbackException {
    try {
      disk.close();
    } catch (IOException e) {
      throw unreachable(e);
    }
  }
}
