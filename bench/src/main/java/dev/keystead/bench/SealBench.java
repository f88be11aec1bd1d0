package dev.keystead.bench;

import dev.keystead.claims.Sha256;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.seal.Caller;
import dev.keystead.tao.seal.Sealer;
import dev.keystead.tao.seal.SealingRoot;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Sealing and unsealing in process, for the same program. Beside it what cannot be avoided: 28
 * random bytes and one AES-256-GCM under a fresh key.
 */
@State(Scope.Benchmark)
public class SealBench {
  /** What is compared. */
  static final List<Ratio> RATIOS =
      List.of(
          new Ratio("seal", "bareEncryption", OptionalDouble.empty()),
          new Ratio("unseal", "bareEncryption", OptionalDouble.empty()));

  private static final SealPolicy SELF = new SealPolicy.ThisMeasurement();

  /** Bytes of data. */
  @Param({"32", "4096"})
  public int size = 32;

  private final SecureRandom random = new SecureRandom();
  private final Caller program = new Caller(Measurement.of(Sha256.of(new byte[] {1})));
  private final Sealer sealer = new Sealer(root(), InstantSource.system());
  private final Cipher cipher = cipher();
  private byte[] data = new byte[0];
  private SealedBlob blob = new SealedBlob(new byte[1]);

  private static Cipher cipher() {
    try {
      return Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SealingRoot root() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      PolicyKey owner = PolicyKey.of(generator.generateKeyPair().getPublic().getEncoded());
      return new SealingRoot(new byte[32], new byte[32], owner);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes the data, and a blob that is proved to hold it. */
  @Setup
  public void prepare() throws TaoException {
    data = new byte[size];
    random.nextBytes(data);
    blob = sealer.seal(program, SELF, data);
    if (!Arrays.equals(unseal(), data)) {
      throw new IllegalStateException("what was sealed is not unsealed");
    }
  }

  /** Seals. */
  @Benchmark
  public SealedBlob seal() throws TaoException {
    return sealer.seal(program, SELF, data);
  }

  /** Unseals. */
  @Benchmark
  public byte[] unseal() throws TaoException {
    return sealer.unseal(program, blob);
  }

  /** Randomness and encryption alone. */
  @Benchmark
  public byte[] bareEncryption() throws GeneralSecurityException {
    byte[] fresh = new byte[28];
    random.nextBytes(fresh);
    byte[] key = Arrays.copyOf(fresh, 32);
    GCMParameterSpec nonce = new GCMParameterSpec(128, fresh, 16, 12);
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), nonce);
    return cipher.doFinal(data);
  }
}
