package dev.keystead.bench;

import dev.keystead.evidence.ima.ImaEntry;
import dev.keystead.evidence.ima.ImaReader;
import dev.keystead.evidence.ima.ImaReplay;
import dev.keystead.evidence.ima.ImaState;
import dev.keystead.evidence.ima.Keyring;
import dev.keystead.evidence.policy.ImaJudge;
import dev.keystead.evidence.policy.RuntimePolicy;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Replay of a list of 100,000 ima-ng entries of 20,000 files into the sha256 bank, and beside it
 * nothing but the hashes that it cannot do without: for each entry SHA-1 and SHA-256 of its data,
 * and one extend.
 */
@State(Scope.Benchmark)
public class ImaReplayBench {
  /** What is compared. */
  static final List<Ratio> RATIOS =
      List.of(
          new Ratio("replay", "bareHashes", OptionalDouble.of(2)),
          new Ratio("judgedReplay", "bareHashes", OptionalDouble.empty()));

  private static final int ENTRIES = 100_000;
  private static final int FILES = 20_000;
  private static final PcrValues NO_PCRS = new PcrValues(new LinkedHashMap<>());

  /** The form of the list; the wire sends the second. */
  @Param({"binary", "ascii"})
  public String form = "binary";

  private byte[][] data = new byte[0][];
  private byte[] list = new byte[0];

  @SuppressWarnings("NullAway.Init") // made before anything is measured
  private RuntimePolicy policy;

  /** Makes the list and proves that all ways agree. */
  @Setup
  public void make() {
    GeneratedList made = GeneratedList.of(ENTRIES, FILES);
    data = made.data();
    list = form.equals("binary") ? made.binary() : made.ascii();
    policy = RuntimePolicy.parse(made.policy());
    Digest pcr = bareHashes();
    if (!replay().equals(pcr) || !judgedReplay().equals(pcr) || policy.fileCount() != FILES) {
      throw new IllegalStateException("the replay does not give the PCR");
    }
  }

  /** The hashing that no replay can avoid. */
  @Benchmark
  public Digest bareHashes() {
    MessageDigest sha1 = HashAlg.SHA1.digest();
    MessageDigest sha256 = HashAlg.SHA256.digest();
    byte[] template = new byte[20];
    byte[] extension = new byte[32];
    byte[] pcr = new byte[32];
    try {
      for (byte[] entry : data) {
        sha1.update(entry);
        sha1.digest(template, 0, template.length);
        sha256.update(entry);
        sha256.digest(extension, 0, extension.length);
        sha256.update(pcr);
        sha256.update(extension);
        sha256.digest(pcr, 0, pcr.length);
      }
    } catch (DigestException e) {
      throw new IllegalStateException(e);
    }
    return Digest.of(HashAlg.SHA256, pcr);
  }

  /** The replay as the appraiser does it: every entry parsed, its template hash checked. */
  @Benchmark
  public Digest replay() {
    ImaReplay replay = new ImaReplay(ImaState.start(Set.of(HashAlg.SHA256)));
    ImaReader reader = ImaReader.of(list, 0, HashAlg.SHA1);
    for (Optional<ImaEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      replay.extend(entry.get());
    }
    return pcr10(replay);
  }

  /** The same, and each entry judged by a policy of 20,000 digests. */
  @Benchmark
  public Digest judgedReplay() {
    ImaReplay replay = new ImaReplay(ImaState.start(Set.of(HashAlg.SHA256)));
    ImaJudge judge = new ImaJudge(policy, Keyring.EMPTY, NO_PCRS);
    ImaReader reader = ImaReader.of(list, 0, HashAlg.SHA1);
    for (Optional<ImaEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      replay.extend(entry.get());
      if (judge.judge(entry.get()) != ImaJudge.Accepted.FILE) {
        throw new IllegalStateException("an entry is not judged as a file");
      }
    }
    return pcr10(replay);
  }

  private static Digest pcr10(ImaReplay replay) {
    return Objects.requireNonNull(replay.state().pcr10().get(HashAlg.SHA256));
  }
}
