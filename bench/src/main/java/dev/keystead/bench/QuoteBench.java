package dev.keystead.bench;

import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.tpm.structure.TpmSignature;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Verification of a whole quote, and beside it the bare signature by the same provider. */
@State(Scope.Benchmark)
public class QuoteBench {
  /** Whose key signed: ECDSA P-256 or RSASSA-2048. */
  @Param({"ecc", "rsa"})
  public String key = "ecc";

  private Fixture fixture = Fixture.NONE;

  private record Fixture(
      PublicKey key,
      String algorithm,
      byte[] message,
      byte[] signature,
      RealQuote real,
      QuoteVerifier verifier,
      Coverage coverage) {
    @SuppressWarnings("NullAway") // replaced by load before anything is measured
    static final Fixture NONE = new Fixture(null, "", null, null, null, null, null);
  }

  /** Reads the quote and proves that it is good. */
  @Setup
  public void load() throws IOException {
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
    fixture =
        new Fixture(
            real.key().publicKey(),
            algorithm,
            real.quote().attest(),
            plain,
            real,
            new QuoteVerifier(real.key(), AcceptedAlgorithms.ALL),
            new Coverage.Exactly(real.quote().values().selection()));
    if (!bareSignature() || quote().values().selection().banks().isEmpty()) {
      throw new IllegalStateException("the quote is not good");
    }
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

  /** Everything that there is to a quote. */
  @Benchmark
  public VerifiedQuote quote() {
    return fixture.verifier.verify(fixture.real.quote(), fixture.real.nonce(), fixture.coverage);
  }
}
