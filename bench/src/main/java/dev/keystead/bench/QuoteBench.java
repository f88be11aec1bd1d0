package dev.keystead.bench;

import dev.keystead.evidence.Appraised;
import dev.keystead.evidence.Appraiser;
import dev.keystead.evidence.Evidence;
import dev.keystead.evidence.History;
import dev.keystead.evidence.Policy;
import dev.keystead.evidence.ima.ImaState;
import dev.keystead.evidence.ima.Keyring;
import dev.keystead.evidence.policy.RuntimePolicy;
import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.tpm.structure.ClockInfo;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmSignature;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The appraisal of evidence that brings a quote and nothing else that is new, as in every round
 * with a machine that goes on as before: the measurement list is judged up to where it is, and has
 * no new entry. Beside it the bare signature by the same provider.
 */
@State(Scope.Benchmark)
public class QuoteBench {
  /** What is compared. */
  static final List<Ratio> RATIOS =
      List.of(new Ratio("appraisal", "bareSignature", OptionalDouble.of(1.5)));

  private static final int ENTRIES = 1000;

  /** Whose key signed: ECDSA P-256 or RSASSA-2048. */
  @Param({"ecc", "rsa"})
  public String key = "ecc";

  /** Who checks the signature. */
  @Param({"JDK", "ACCP"})
  public CryptoProvider provider = CryptoProvider.JDK;

  private Fixture fixture = Fixture.NONE;

  private record Fixture(
      PublicKey key,
      String algorithm,
      byte[] signature,
      byte[] message,
      History history,
      Evidence evidence,
      Policy policy) {
    @SuppressWarnings("NullAway") // replaced by load before anything is measured
    static final Fixture NONE = new Fixture(null, "", null, null, null, null, null);
  }

  /** Reads the quote and proves that it is good. */
  @Setup
  public void load() throws IOException, GeneralSecurityException {
    provider.install();
    RealQuote real = RealQuote.load(key);
    String algorithm = "SHA256withRSA";
    byte[] plain;
    switch (real.quote().signature()) {
      case TpmSignature.RsaSsa(var _, byte[] number) -> plain = number;
      case TpmSignature.Ecdsa(var _, byte[] r, byte[] s) -> {
        algorithm = "SHA256withECDSAinP1363Format";
        plain = Arrays.copyOf(r, r.length + s.length);
        System.arraycopy(s, 0, plain, r.length, s.length);
      }
      case TpmSignature.RsaPss _ -> throw new IllegalStateException("no RSAPSS quote is measured");
    }
    QuoteVerifier verifier = new QuoteVerifier(real.key(), AcceptedAlgorithms.ALL);
    Coverage coverage = new Coverage.Exactly(real.quote().values().selection());
    VerifiedQuote verified = verifier.verify(real.quote(), real.nonce(), coverage);
    fixture =
        new Fixture(
            real.key().publicKey(),
            algorithm,
            plain,
            real.quote().attest(),
            before(verified),
            new Evidence(
                real.quote(),
                real.nonce(),
                coverage,
                Optional.empty(),
                Optional.of(new Evidence.ImaPart(ENTRIES, new byte[0])),
                Optional.empty()),
            policy(verifier));
    Signature signature = Signature.getInstance(algorithm);
    signature.initVerify(fixture.key);
    if (!provider.is(signature.getProvider().getName()) || !bareSignature() || !isTrusted()) {
      throw new IllegalStateException("the quote is not good, or not checked by " + provider);
    }
  }

  /** What is known after the round before, at which the list was as long as now. */
  private static History before(VerifiedQuote quote) {
    ClockInfo now = quote.clock();
    Digest pcr10 = quote.values().get(HashAlg.SHA256, 10).orElseThrow();
    return new History(
        "1",
        1,
        Optional.of(
            new ClockInfo(now.clock() - 1, now.resetCount(), now.restartCount(), now.safe())),
        Optional.empty(),
        Optional.of(
            new History.Ima(
                new ImaState(ENTRIES, Map.of(HashAlg.SHA256, pcr10)),
                0,
                ENTRIES - 1,
                0,
                Keyring.EMPTY)),
        Optional.empty());
  }

  private static Policy policy(QuoteVerifier verifier) {
    return new Policy(
        "1",
        verifier,
        HashAlg.SHA256,
        Optional.empty(),
        Optional.of(RuntimePolicy.parse(GeneratedList.of(30, 30).policy())),
        Optional.empty(),
        false,
        false);
  }

  private boolean isTrusted() {
    return appraisal() instanceof Appraised.Judged judged && judged.appraisal().trusted();
  }

  /** What no verifier can go below: one signature. */
  @Benchmark
  public boolean bareSignature() {
    try {
      Signature signature = Signature.getInstance(fixture.algorithm);
      signature.initVerify(fixture.key);
      signature.update(fixture.message);
      return signature.verify(fixture.signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Everything that there is to such evidence. */
  @Benchmark
  public Appraised appraisal() {
    return Appraiser.appraise(fixture.history, fixture.evidence, fixture.policy, Instant.EPOCH);
  }
}
