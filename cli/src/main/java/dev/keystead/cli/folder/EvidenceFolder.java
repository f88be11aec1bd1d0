package dev.keystead.cli.folder;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.InputFile;
import dev.keystead.cli.evidence.NonceHex;
import dev.keystead.evidence.EvidenceException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The evidence of one boot, as files: {@code nonce.hex}, {@code quote_*}, {@code ak_*}, {@code
 * binary_bios_measurements}, {@code binary_} and {@code ascii_runtime_measurements}, {@code
 * ek_*.cert.der}. Keys, certificates and the nonce may also lie in the folder above.
 *
 * @param nonce the qualifying data that was asked for
 * @param quotes at least one
 * @param bootLog the TCG boot log
 * @param imaBinary the IMA list in the kernel's binary form
 * @param imaAscii the same list in its ASCII form
 * @param endorsements certificates of endorsement keys
 */
public record EvidenceFolder(
    byte[] nonce,
    List<FolderQuote> quotes,
    Optional<byte[]> bootLog,
    Optional<byte[]> imaBinary,
    Optional<byte[]> imaAscii,
    List<FolderEndorsement> endorsements) {

  /**
   * Reads a folder.
   *
   * @throws CommandException unreadable, when a file that is needed is missing
   * @throws EvidenceException when a file is not what it should be or a key is unfit
   */
  public static EvidenceFolder read(Path path) {
    FolderFiles files = new FolderFiles(path);
    List<FolderQuote> quotes = new ArrayList<>();
    for (String name : files.between("quote_", ".msg", false)) {
      quotes.add(FolderQuote.read(files, name));
    }
    if (quotes.isEmpty()) {
      throw CommandException.unreadable("the folder %s has no quote_*.msg".formatted(path));
    }
    List<FolderEndorsement> endorsements = new ArrayList<>();
    for (String name : files.between("ek_", ".cert.der", true)) {
      endorsements.add(FolderEndorsement.read(files, name));
    }
    return new EvidenceFolder(
        nonce(files),
        List.copyOf(quotes),
        files.own("binary_bios_measurements", InputFile.BOOT_LOG),
        files.own("binary_runtime_measurements", InputFile.IMA_LIST),
        files.own("ascii_runtime_measurements", InputFile.IMA_LIST),
        List.copyOf(endorsements));
  }

  private static byte[] nonce(FolderFiles files) {
    byte[] text = files.read("nonce.hex", InputFile.SMALL);
    return NonceHex.parse(new String(text, StandardCharsets.ISO_8859_1))
        .orElseThrow(
            () -> CommandException.unreadable("nonce.hex does not hold hex of 1 to 64 bytes"));
  }
}
