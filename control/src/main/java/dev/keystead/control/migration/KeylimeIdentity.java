package dev.keystead.control.migration;

import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.Pem;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.keylime.config.KeylimeConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.spec.KeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keylime's authority and the identities of its servers, as its configuration says where they are
 * (sections 1 and 12 of the wire).
 *
 * @param folder of the authority: {@code cacert.crt}, {@code cacrl.der}, {@code private.yml}
 * @param server files of the servers' identity: key and certificate
 * @param client files of the identity that verifier and owner show
 * @param password of {@code private.yml}
 */
public record KeylimeIdentity(Path folder, Files server, Files client, String password) {
  private static final int MAX_FILE = 16 << 20;
  private static final int IV_BYTES = 16;
  private static final int ROUNDS = 100_000;

  /** A key and its certificate. */
  public record Files(Path key, Path certificate) {}

  /** What was read: everything that our own folder needs. */
  record Opened(TlsIdentity authority, byte[] crl, TlsIdentity server, TlsIdentity client) {}

  static KeylimeIdentity of(
      KeylimeConfig registrar, KeylimeConfig verifier, Path work, String password) {
    Path folder = folder(verifier, work);
    if (!folder.equals(folder(registrar, work))) {
      throw new MigrationException(
          "registrar and verifier have authorities of their own (tls_dir): ours share one. Set"
              + " tls_dir = default for Keylime's registrar first");
    }
    if (verifier.own("trusted_client_ca").isPresent()
        || registrar.own("trusted_client_ca").isPresent()) {
      throw new MigrationException(
          "trusted_client_ca names other authorities than the one in " + folder);
    }
    for (String option : List.of("server_key_password", "client_key_password")) {
      if (verifier.own(option).isPresent()) {
        throw new MigrationException(option + " is set: keys with a password are not read");
      }
    }
    return new KeylimeIdentity(
        folder, files(verifier, folder, "server"), files(verifier, folder, "client"), password);
  }

  private static Path folder(KeylimeConfig config, Path work) {
    String value = config.text("tls_dir").orElse("default");
    return switch (value) {
      case "", "default" -> work.resolve("cv_ca");
      case "generate" -> work.resolve(config.component().equals("registrar") ? "reg_ca" : "cv_ca");
      default -> work.resolve(value);
    };
  }

  private static Files files(KeylimeConfig config, Path folder, String name) {
    return new Files(
        config
            .own(name + "_key")
            .map(folder::resolve)
            .orElse(folder.resolve(name + "-private.pem")),
        config.own(name + "_cert").map(folder::resolve).orElse(folder.resolve(name + "-cert.crt")));
  }

  /**
   * Reads it all.
   *
   * @throws MigrationException when something is missing, does not belong together, or has another
   *     password
   */
  Opened open() {
    try {
      TlsIdentity authority =
          new TlsIdentity(authorityKey(), Certificates.fromPem(text(folder.resolve("cacert.crt"))));
      byte[] crl = PrivateFiles.read(folder.resolve("cacrl.der"), MAX_FILE);
      return new Opened(
          authority,
          crl,
          TlsIdentity.load(server.key(), server.certificate()),
          TlsIdentity.load(client.key(), client.certificate()));
    } catch (IOException | CredentialException e) {
      throw new MigrationException("the authority in " + folder + ": " + e.getMessage(), e);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(PrivateFiles.read(file, Pem.MAX_TEXT), StandardCharsets.US_ASCII);
  }

  private PrivateKey authorityKey() throws IOException {
    Path file = folder.resolve("private.yml");
    Map<String, byte[]> outer =
        FlatYaml.parse(new String(PrivateFiles.read(file, MAX_FILE), StandardCharsets.UTF_8));
    byte[] plain = decrypted(entry(outer, "priv", file), entry(outer, "salt", file), file);
    try {
      Map<String, byte[]> inner = FlatYaml.parse(new String(plain, StandardCharsets.UTF_8));
      byte[] pem = entry(inner, "ca", file);
      return PrivateKeys.fromPem(new String(pem, StandardCharsets.US_ASCII));
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private static byte[] entry(Map<String, byte[]> yaml, String name, Path file) {
    byte @Nullable [] value = yaml.get(name);
    if (value == null || value.length == 0) {
      throw new MigrationException(file + " has no " + name);
    }
    return value;
  }

  private byte[] decrypted(byte[] base64, byte[] salt, Path file) {
    try {
      byte[] sealed = Base64.getDecoder().decode(base64);
      KeySpec spec = new PBEKeySpec(password.toCharArray(), salt, ROUNDS, 256);
      byte[] key =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new GCMParameterSpec(128, sealed, 0, IV_BYTES));
      return cipher.doFinal(sealed, IV_BYTES, sealed.length - IV_BYTES);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new MigrationException(
          "the key in " + file + " does not open: the authority has another password", e);
    }
  }

  /** Never with the password. */
  @Override
  public String toString() {
    return "KeylimeIdentity[" + folder + "]";
  }
}
