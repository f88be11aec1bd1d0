package dev.keystead.evidence;

import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.PcrFile;
import dev.keystead.evidence.quote.PlainSignature;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.evidence.quote.Scheme;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.TpmPublic;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * One recorded boot.
 *
 * @param folder below fixtures, with the boot's logs and quotes
 */
public record Fixture(String folder) {
  private static final String RUNTIME = "06-runtime-attacks";

  /** A clean UEFI boot. */
  public static final Fixture CLEAN = new Fixture("01-direct-clean");

  /** A boot with Secure Boot on. */
  public static final Fixture SECURE = new Fixture("12-secureboot-on");

  /** A clean boot of a unified kernel image. */
  public static final Fixture UKI = new Fixture("02-uki-clean");

  /** The same with another kernel command line. */
  public static final Fixture UKI_CHANGED = new Fixture("04-uki-cmdline-change");

  /** A boot by SeaBIOS. */
  public static final Fixture SEABIOS = new Fixture("14-seabios-clean");

  /** Every recorded boot. */
  public static Stream<Fixture> all() {
    return Stream.concat(
            Stream.of(
                "01-direct-clean",
                "02-uki-clean",
                "04-uki-cmdline-change",
                "07-critical-data",
                "08-ima-ng",
                "09-ima-hash-sha1",
                "11-ima-legacy",
                "12-secureboot-on",
                "14-seabios-clean",
                "19-sha256-bank-only"),
            Stream.of(
                    "0-before",
                    "1-unlisted",
                    "2-modified",
                    "3a-open-writers",
                    "3b-tomtou",
                    "4-odd-names",
                    "5-pcr10-broken")
                .map(dump -> RUNTIME + "/" + dump))
        .map(Fixture::new);
  }

  /** A file of the boot. */
  public byte[] bytes(String name) {
    return read(folder + "/" + name);
  }

  /** A file as text. */
  public String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  /** A file that several dumps of one boot share. */
  public byte[] shared(String name) {
    return read((folder.startsWith(RUNTIME) ? RUNTIME : folder) + "/" + name);
  }

  /** The qualifying data. */
  public byte[] nonce() {
    return HexFormat.of().parseHex(text("nonce.hex").strip());
  }

  /** The attestation key, {@code ecc} or {@code rsa}. */
  public AttestationKey key(String type) {
    return AttestationKey.of(TpmPublic.parseSized(shared("ak_" + type + ".pub.tpm2b")));
  }

  /** The quote by that key. */
  public Quote quote(String type) {
    String name = "quote_" + type;
    return new Quote(
        bytes(name + ".msg"),
        PlainSignature.parse(bytes(name + ".sig"), key(type), Scheme.RSASSA, HashAlg.SHA256),
        PcrFile.parse(bytes(name + ".pcrs")));
  }

  /** What that quote was asked for. */
  public Coverage coverage(String type) {
    int mask = type.equals("ecc") ? 0x7fff : 0x7ff;
    return new Coverage.Exactly(PcrSelection.ofMask(HashAlg.SHA256, mask));
  }

  /** A file of the fixtures. */
  public static byte[] read(String path) {
    try (InputStream in =
        Fixture.class.getResourceAsStream(
            "/" + (path.startsWith("endorsement/") ? "" : "fixtures/") + path)) {
      if (in == null) {
        throw new IllegalArgumentException(path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return folder;
  }
}
