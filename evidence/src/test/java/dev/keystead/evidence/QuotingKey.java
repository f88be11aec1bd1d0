package dev.keystead.evidence;

import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.BareKey;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.ClockInfo;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmSignature;
import dev.keystead.tpm.structure.TpmWriter;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Signs quotes of any PCR values, to try sequences that no recording has. */
public final class QuotingKey {
  private static final byte[] NONCE = {1, 2, 3};

  private final KeyPair keys;
  private long clock = 1_000;

  public QuotingKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      keys = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Verifies its quotes. */
  public QuoteVerifier verifier() {
    return new QuoteVerifier(new BareKey(keys.getPublic()), AcceptedAlgorithms.ALL);
  }

  /** A quote, a millisecond after the one before. */
  public Quote quote(long resets, PcrValues values) {
    TpmWriter out = new TpmWriter().u32(Attest.MAGIC).u16(0x8018).sized(new byte[0]).sized(NONCE);
    new ClockInfo(clock++, resets, 0, true).write(out);
    out.u64(1);
    values.selection().write(out);
    byte[] attest = out.sized(values.pcrDigest(HashAlg.SHA256)).toBytes();
    try {
      Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
      signer.initSign(keys.getPrivate());
      signer.update(attest);
      byte[] pair = signer.sign();
      return new Quote(
          attest,
          new TpmSignature.Ecdsa(
              HashAlg.SHA256, Arrays.copyOf(pair, 32), Arrays.copyOfRange(pair, 32, 64)),
          values);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Evidence with a quote of PCR 10 of the SHA-256 bank and a part of a list. */
  public Evidence evidence(long resets, Digest pcr10, long first, byte[] entries) {
    return evidence(
        resets,
        PcrValues.of(HashAlg.SHA256, Map.of(10, pcr10)),
        Optional.of(new Evidence.ImaPart(first, entries)),
        Optional.empty());
  }

  /** Evidence with these values. */
  public Evidence evidence(
      long resets, PcrValues values, Optional<Evidence.ImaPart> ima, Optional<byte[]> payloadKey) {
    return new Evidence(
        quote(resets, values),
        NONCE,
        new Coverage.Exactly(values.selection()),
        Optional.empty(),
        ima,
        payloadKey);
  }
}
