package dev.keystead.cli.evidence;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.InputFile;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.evidence.quote.BareKey;
import dev.keystead.evidence.quote.QuoteKey;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.Pem;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmPublic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads public keys from files: TPM2B_PUBLIC, TPMT_PUBLIC or PEM, told apart by content. */
public final class KeyFile {
  private KeyFile() {}

  /**
   * The key that quotes are to be checked with.
   *
   * @throws dev.keystead.evidence.EvidenceException with AK_UNFIT, when it is a key but not one to
   *     trust quotes by
   * @throws CommandException unreadable, when it is no key at all
   */
  public static QuoteKey read(Path file) {
    byte[] bytes = InputFile.read(file, InputFile.SMALL, "the key");
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (text.startsWith("-----BEGIN ")) {
      return new BareKey(pem(file, text));
    }
    try {
      boolean sized =
          bytes.length > 2 && ((bytes[0] & 0xff) << 8 | (bytes[1] & 0xff)) == bytes.length - 2;
      return AttestationKey.of(sized ? TpmPublic.parseSized(bytes) : TpmPublic.parse(bytes));
    } catch (TpmFormatException e) {
      throw CommandException.unreadable(
          "the key %s is neither a PEM public key nor a TPM's public area: %s"
              .formatted(file, e.getMessage()));
    }
  }

  private static PublicKey pem(Path file, String text) {
    byte[] der = block(file, text);
    for (String type : new String[] {"EC", "RSA"}) {
      Optional<PublicKey> key = decode(type, der);
      if (key.isPresent()) {
        return key.get();
      }
    }
    throw CommandException.unreadable(
        "the key %s is a PEM public key, but neither of RSA nor of a NIST curve".formatted(file));
  }

  private static Optional<PublicKey> decode(String type, byte[] der) {
    try {
      PublicKey key = KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(der));
      return Arrays.equals(key.getEncoded(), der) ? Optional.of(key) : Optional.empty();
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private static byte[] block(Path file, String text) {
    try {
      List<Pem.Block> blocks = Pem.parse(text);
      if (blocks.size() == 1 && blocks.getFirst().label().equals("PUBLIC KEY")) {
        return blocks.getFirst().der();
      }
    } catch (CredentialException e) {
      throw CommandException.unreadable("the key %s: %s".formatted(file, e.getMessage()));
    }
    throw CommandException.unreadable("the key %s is not one PEM PUBLIC KEY".formatted(file));
  }
}
