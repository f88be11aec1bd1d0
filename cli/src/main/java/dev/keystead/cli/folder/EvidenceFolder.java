package dev.keystead.cli.folder;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.InputFile;
import dev.keystead.cli.evidence.NonceHex;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.launch.LaunchLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The evidence of one boot, as files: {@code nonce.hex}, {@code quote_*}, {@code ak_*}, {@code
 * binary_bios_measurements}, {@code binary_} and {@code ascii_runtime_measurements}, {@code
 * launch_log}, {@code ek_*.cert.der}. Keys, certificates and the nonce may also lie in the folder
 * above.
 *
 * @param nonce the qualifying data that was asked for
 * @param quotes those that could be read
 * @param bootLog the TCG boot log
 * @param imaBinary the IMA list in the kernel's binary form
 * @param imaAscii the same list in its ASCII form
 * @param launchLog the log of the programs that the machine's host has started
 * @param endorsements certificates of endorsement keys that could be read
 * @param faults quotes and certificates that could not, or whose key is unfit
 */
public record EvidenceFolder(
    byte[] nonce,
    List<FolderQuote> quotes,
    Optional<byte[]> bootLog,
    Optional<byte[]> imaBinary,
    Optional<byte[]> imaAscii,
    Optional<byte[]> launchLog,
    List<FolderEndorsement> endorsements,
    List<Finding> faults) {

  /**
   * Reads a folder.
   *
   * @throws CommandException unreadable, when a file that is needed is missing
   */
  public static EvidenceFolder read(Path path) {
    FolderFiles files = new FolderFiles(path);
    List<FolderQuote> quotes = new ArrayList<>();
    List<FolderEndorsement> endorsements = new ArrayList<>();
    List<Finding> faults = new ArrayList<>();
    for (String name : files.between("quote_", ".msg", false)) {
      keep(faults, () -> quotes.add(FolderQuote.read(files, name)));
    }
    if (quotes.isEmpty() && faults.isEmpty()) {
      throw CommandException.unreadable("the folder %s has no quote_*.msg".formatted(path));
    }
    for (String name : files.between("ek_", ".cert.der", true)) {
      keep(faults, () -> endorsements.add(FolderEndorsement.read(files, name)));
    }
    return new EvidenceFolder(
        nonce(files),
        List.copyOf(quotes),
        files.own("binary_bios_measurements", InputFile.BOOT_LOG),
        files.own("binary_runtime_measurements", InputFile.IMA_LIST),
        files.own("ascii_runtime_measurements", InputFile.IMA_LIST),
        files.own("launch_log", LaunchLog.MAX_SIZE),
        List.copyOf(endorsements),
        List.copyOf(faults));
  }

  private static byte[] nonce(FolderFiles files) {
    byte[] text = files.read("nonce.hex", InputFile.SMALL);
    return NonceHex.parse(new String(text, StandardCharsets.ISO_8859_1))
        .orElseThrow(
            () -> CommandException.unreadable("nonce.hex does not hold hex of 1 to 64 bytes"));
  }

  private static void keep(List<Finding> faults, Runnable reading) {
    try {
      reading.run();
    } catch (EvidenceException e) {
      faults.add(e.finding());
    }
  }

  /**
   * Nothing, when every file could be read; throws {@link EvidenceException} for the first fault.
   */
  public void requireWhole() {
    if (!faults.isEmpty()) {
      throw new EvidenceException(faults.getFirst());
    }
  }
}
