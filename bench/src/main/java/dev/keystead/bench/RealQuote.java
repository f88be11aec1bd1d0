package dev.keystead.bench;

import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.evidence.quote.PcrFile;
import dev.keystead.evidence.quote.PlainSignature;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.evidence.quote.Scheme;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmPublic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;

/** A quote of a real boot, its key and its nonce. */
record RealQuote(AttestationKey key, Quote quote, byte[] nonce) {
  /** The quote by the {@code ecc} or {@code rsa} key. */
  static RealQuote load(String kind) throws IOException {
    TpmPublic area = TpmPublic.parseSized(file("ak_" + kind + ".pub.tpm2b"));
    AttestationKey key = AttestationKey.of(area);
    Quote quote =
        new Quote(
            file("quote_" + kind + ".msg"),
            PlainSignature.parse(
                file("quote_" + kind + ".sig"), key, Scheme.RSASSA, HashAlg.SHA256),
            PcrFile.parse(file("quote_" + kind + ".pcrs")));
    String nonce = new String(file("nonce.hex"), StandardCharsets.US_ASCII).strip();
    return new RealQuote(key, quote, HexFormat.of().parseHex(nonce));
  }

  private static byte[] file(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(RealQuote.class.getResourceAsStream("/boot/" + name), name)) {
      return in.readAllBytes();
    }
  }
}
