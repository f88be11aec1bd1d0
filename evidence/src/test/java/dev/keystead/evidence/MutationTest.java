package dev.keystead.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.boot.BootLog;
import dev.keystead.evidence.boot.BootState;
import dev.keystead.evidence.boot.SecureBoot;
import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.PcrFile;
import dev.keystead.evidence.quote.PlainSignature;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.evidence.quote.Scheme;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmFormatException;
import java.util.Arrays;
import java.util.List;
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
      VerifiedQuote good = verify(boot, type, "", new byte[0]);
      for (String part : PARTS) {
        byte[] bytes = boot.bytes("quote_" + type + "." + part);
        mutate(bytes, 300, changed -> refused(() -> verify(boot, type, part, changed)));
        truncate(bytes, cut -> refused(() -> verify(boot, type, part, cut)));
      }
      assertThat(good.values()).isEqualTo(boot.quote(type).values());
    }
  }

  /** 5 boots, 18,200 changes each: 91,000. */
  @ParameterizedTest
  @MethodSource("boots")
  void noChangedByteOfABootLogMakesItLookBetter(Fixture boot) {
    VerifiedQuote quote = verify(boot, "ecc", "", new byte[0]);
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

  private static VerifiedQuote verify(Fixture boot, String type, String part, byte[] changed) {
    String name = "quote_" + type;
    byte[] attest = part.equals("msg") ? changed : boot.bytes(name + ".msg");
    byte[] signature = part.equals("sig") ? changed : boot.bytes(name + ".sig");
    byte[] values = part.equals("pcrs") ? changed : boot.bytes(name + ".pcrs");
    Quote quote =
        new Quote(
            attest,
            PlainSignature.parse(signature, boot.key(type), Scheme.RSASSA, HashAlg.SHA256),
            PcrFile.parse(values));
    return new QuoteVerifier(boot.key(type), AcceptedAlgorithms.ALL)
        .verify(quote, boot.nonce(), boot.coverage(type));
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
