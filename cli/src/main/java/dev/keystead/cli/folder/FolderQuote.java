package dev.keystead.cli.folder;

import dev.keystead.cli.InputFile;
import dev.keystead.cli.evidence.KeyFile;
import dev.keystead.cli.evidence.SignedHash;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.quote.BareKey;
import dev.keystead.evidence.quote.PcrFile;
import dev.keystead.evidence.quote.PlainSignature;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.evidence.quote.QuoteKey;
import dev.keystead.tpm.structure.TpmSignature;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One quote of a folder with its key: {@code quote_NAME.msg}, {@code .sig} and {@code .pcrs}, and
 * {@code ak_NAME.pub.tpm2b} or {@code .pub.pem}.
 *
 * @param name what stands between {@code quote_} and {@code .msg}
 */
public record FolderQuote(String name, QuoteKey key, Quote quote) {
  private static final List<String> FORMS = List.of(".pub.tpm2b", ".pub.tpmt", ".pub.pem");

  /**
   * Reads the files.
   *
   * @throws EvidenceException when a file is not what it should be, the key is unfit, or two files
   *     of the key are of different keys
   */
  static FolderQuote read(FolderFiles files, String name) {
    byte[] message = files.read("quote_" + name + ".msg", InputFile.SMALL);
    byte[] signature = files.read("quote_" + name + ".sig", InputFile.SMALL);
    byte[] pcrs = files.read("quote_" + name + ".pcrs", InputFile.SMALL);
    QuoteKey key = key(files, name);
    TpmSignature parsed =
        PlainSignature.parse(signature, key, key.scheme(), SignedHash.of(message));
    return new FolderQuote(name, key, new Quote(message, parsed, PcrFile.parse(pcrs)));
  }

  /** Whether nothing but the numbers of the key is known. */
  public boolean isBare() {
    return key instanceof BareKey;
  }

  private static QuoteKey key(FolderFiles files, String name) {
    List<Path> found =
        FORMS.stream()
            .map(form -> files.find("ak_" + name + form))
            .flatMap(Optional::stream)
            .toList();
    if (found.isEmpty()) {
      files.read("ak_" + name + FORMS.getFirst(), InputFile.SMALL);
    }
    QuoteKey key = KeyFile.read(found.getFirst());
    for (Path other : found.subList(1, found.size())) {
      if (!KeyFile.read(other).publicKey().equals(key.publicKey())) {
        throw new EvidenceException(
            new Finding(
                Code.AK_UNFIT,
                "attestation key " + name,
                "%s and %s are different keys"
                    .formatted(found.getFirst().getFileName(), other.getFileName())));
      }
    }
    return key;
  }
}
