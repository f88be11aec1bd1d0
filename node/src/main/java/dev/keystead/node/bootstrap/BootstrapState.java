package dev.keystead.node.bootstrap;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.keylime.bootstrap.BootstrapKey;
import dev.keystead.node.AgentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * That this boot has been bootstrapped, in {@code bootstrap.json} in the secure directory. It is
 * written once the payload lies there whole, and removed only with the directory.
 *
 * @param key the bootstrap key
 * @param u fingerprint of the U that was used
 * @param v fingerprint of the V that was used
 * @param done whether the payload script has ended
 */
record BootstrapState(BootstrapKey key, byte[] u, byte[] v, boolean done) {
  private static final String FILE = "bootstrap.json";

  static Optional<BootstrapState> read(Path secure) throws IOException {
    Path file = secure.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Fields fields = Json.parseObject(PrivateFiles.read(file, 4096), Limits.WIRE).fields("");
      return Optional.of(
          new BootstrapState(
              BootstrapKey.adopt(fields.bytes64("key", 32)),
              fields.hex("u", 32),
              fields.hex("v", 32),
              fields.bool("done")));
    } catch (JsonException e) {
      throw new AgentException(
          file + " is damaged: remove the secure directory, then the owner adds the node again", e);
    }
  }

  void write(Path secure) throws IOException {
    byte[] secret = key.copy();
    byte[] content =
        Json.object()
            .putBytes64("key", secret)
            .put("u", HexFormat.of().formatHex(u))
            .put("v", HexFormat.of().formatHex(v))
            .put("done", done)
            .build()
            .toBytes();
    PrivateFiles.write(secure.resolve(FILE), content);
    Arrays.fill(secret, (byte) 0);
    Arrays.fill(content, (byte) 0);
  }

  BootstrapState finished() {
    return new BootstrapState(key, u, v, true);
  }
}
