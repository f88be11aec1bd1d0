package dev.keystead.tenant;

import dev.keystead.keylime.WireException;
import dev.keystead.keylime.bootstrap.BootstrapKey;
import dev.keystead.keylime.bootstrap.Payload;
import dev.keystead.tenant.TenantException.Problem;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** A payload that was encrypted before, with its key; zeroed by {@link #close}. */
record EncryptedPayload(byte[] key, Payload payload) implements AutoCloseable {
  private static final int MAX_KEYS = 4096;
  private static final int MAX_TEXT = 4 * (Payload.MAX_SIZE / 3 + 2);

  /** Reads what Keylime's keylime_userdata_encrypt writes; the two shares must make the key. */
  static EncryptedPayload read(Path keys, Path payload) {
    List<byte[]> parts =
        InputFile.text(keys, MAX_KEYS, "key file").lines().map(line -> base64(line, keys)).toList();
    if (parts.size() != 3
        || (parts.getFirst().length != 16 && parts.getFirst().length != 32)
        || !parts.stream().allMatch(part -> part.length == parts.getFirst().length)) {
      throw bad("%s does not hold a key and two shares of one size".formatted(keys));
    }
    byte[] key = parts.getFirst();
    byte[] sum = new byte[key.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = (byte) (parts.get(1)[i] ^ parts.get(2)[i]);
    }
    if (!java.security.MessageDigest.isEqual(key, sum)) {
      throw bad("the shares in %s do not make the key in it".formatted(keys));
    }
    byte[] content = base64(InputFile.text(payload, MAX_TEXT, "payload").strip(), payload);
    try (BootstrapKey check = BootstrapKey.adopt(key.clone())) {
      Payload encrypted = new Payload(content);
      Arrays.fill(encrypted.decrypt(check), (byte) 0);
      return new EncryptedPayload(key, encrypted);
    } catch (WireException e) {
      throw new TenantException(
          Problem.BAD_INPUT,
          "the payload %s is not one for the key in %s".formatted(payload, keys),
          e);
    }
  }

  private static byte[] base64(String text, Path file) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw bad(file + " does not hold base64");
    }
  }

  private static TenantException bad(String what) {
    return new TenantException(Problem.BAD_INPUT, what);
  }

  /** A copy of the key. */
  BootstrapKey bootstrapKey() {
    return BootstrapKey.adopt(key.clone());
  }

  @Override
  public void close() {
    Arrays.fill(key, (byte) 0);
  }

  @Override
  public String toString() {
    return "encrypted payload of " + payload.bytes().length + " bytes";
  }
}
