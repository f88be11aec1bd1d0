package dev.keystead.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.boot.BootLog;
import dev.keystead.evidence.boot.BootState;
import dev.keystead.evidence.boot.SecureBoot;
import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.PcrFile;
import dev.keystead.evidence.quote.PlainSignature;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.evidence.quote.Scheme;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmFormatException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * 100,000 seeded changes of one byte, and every truncation, of real evidence. Nothing is accepted
 * that says something else, and no other exception than the two of the contract escapes.
 */
class MutationTest {
  private static final List<String> PARTS = List.of("msg", "sig", "pcrs");

  static Stream<Fixture> boots() {
    return Stream.of(
        Fixture.CLEAN,
        Fixture.UKI,
        Fixture.SECURE,
        Fixture.SEABIOS,
        new Fixture("19-sha256-bank-only"));
  }

  /** 5 boots, 2 keys, 3 parts, 300 changes each: 9,000. */
  @ParameterizedTest
  @MethodSource("boots")
  void noChangedByteOfAQuoteIsAccepted(Fixture boot) {
    for (String type : List.of("ecc", "rsa")) {
      Recorded recorded = Recorded.of(boot, type);
      VerifiedQuote good = recorded.verify();
      for (String part : PARTS) {
        byte[] bytes = recorded.part(part);
        mutate(bytes, 300, changed -> refused(() -> recorded.verify(part, changed)));
        truncate(bytes, cut -> refused(() -> recorded.verify(part, cut)));
      }
      assertThat(good.values()).isEqualTo(boot.quote(type).values());
    }
  }

  /** 5 boots, 18,200 changes each: 91,000. */
  @ParameterizedTest
  @MethodSource("boots")
  void noChangedByteOfABootLogMakesItLookBetter(Fixture boot) {
    VerifiedQuote quote = Recorded.of(boot, "ecc").verify();
    byte[] bytes = boot.bytes("binary_bios_measurements");
    BootState real = BootState.of(BootLog.parse(bytes));
    Consumer<byte[]> check = changed -> requireNotBetter(changed, quote, real.secureBoot());
    mutate(bytes, 18_200, check);
    truncate(bytes, check);
  }

  /** A log that still replays has the same digests; then its state is the real one or unknown. */
  private static void requireNotBetter(byte[] log, VerifiedQuote quote, SecureBoot real) {
    SecureBoot stated;
    try {
      stated = BootState.of(BootLog.parse(log).verify(quote).log()).secureBoot();
    } catch (EvidenceException | TpmFormatException e) {
      return;
    }
    assertThat(stated).isIn(real, SecureBoot.UNKNOWN);
    BootLog.parse(log).events().forEach(event -> assertThat(event.text()).isNotNull());
  }

  /** What one key's quote is checked with, read once. */
  private record Recorded(
      QuoteVerifier verifier,
      AttestationKey key,
      byte[] nonce,
      Coverage coverage,
      Map<String, byte[]> parts) {
    static Recorded of(Fixture boot, String type) {
      Map<String, byte[]> parts = new HashMap<>();
      PARTS.forEach(part -> parts.put(part, boot.bytes("quote_" + type + "." + part)));
      AttestationKey key = boot.key(type);
      return new Recorded(
          new QuoteVerifier(key, AcceptedAlgorithms.ALL),
          key,
          boot.nonce(),
          boot.coverage(type),
          Map.copyOf(parts));
    }

    byte[] part(String name) {
      return parts.getOrDefault(name, new byte[0]);
    }

    VerifiedQuote verify() {
      return verify("", new byte[0]);
    }

    VerifiedQuote verify(String part, byte[] changed) {
      byte[] attest = part.equals("msg") ? changed : part("msg");
      byte[] signature = part.equals("sig") ? changed : part("sig");
      byte[] values = part.equals("pcrs") ? changed : part("pcrs");
      Quote quote =
          new Quote(
              attest,
              PlainSignature.parse(signature, key, Scheme.RSASSA, HashAlg.SHA256),
              PcrFile.parse(values));
      return verifier.verify(quote, nonce, coverage);
    }
  }

  private static void mutate(byte[] bytes, int times, Consumer<byte[]> check) {
    Random random = new Random(20260101);
    for (int i = 0; i < times; i++) {
      byte[] changed = bytes.clone();
      changed[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
      check.accept(changed);
    }
  }

  private static void truncate(byte[] bytes, Consumer<byte[]> check) {
    for (int length = 0; length < bytes.length; length++) {
      check.accept(Arrays.copyOf(bytes, length));
    }
  }

  private static void refused(Runnable action) {
    boolean accepted;
    try {
      action.run();
      accepted = true;
    } catch (EvidenceException | TpmFormatException e) {
      accepted = false;
    }
    assertThat(accepted).isFalse();
  }
}
