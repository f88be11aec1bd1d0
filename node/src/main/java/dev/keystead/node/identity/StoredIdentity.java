package dev.keystead.node.identity;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.node.AgentException;
import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmPublic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The attestation key as it rests in {@code agent-identity.json} in the work directory. The private
 * part is encrypted by the TPM for its endorsement key: of use in this TPM alone.
 *
 * @param endorsementKey Name of the endorsement key that is its parent
 * @param area the key's public area
 * @param sensitive its encrypted private area
 */
record StoredIdentity(TpmName endorsementKey, TpmPublic area, byte[] sensitive) {
  private static final String FILE = "agent-identity.json";
  private static final Limits LIMITS = Limits.WIRE.withBytes(16 << 10);

  static Optional<StoredIdentity> read(Path work) {
    Path file = work.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Fields fields = Json.parseObject(PrivateFiles.read(file, LIMITS.bytes()), LIMITS).fields("");
      StoredIdentity stored =
          new StoredIdentity(
              TpmName.of(fields.hex("ek_name", 66)),
              TpmPublic.parse(fields.bytes64("ak_public", 1024)),
              fields.bytes64("ak_private", 1024));
      fields.done();
      return Optional.of(stored);
    } catch (IOException | JsonException | TpmFormatException e) {
      throw new AgentException(
          file
              + " cannot be read. Restore it, or remove it and have the owner delete this agent's"
              + " record at the registrar, so that a new attestation key can be registered: "
              + e.getMessage(),
          e);
    }
  }

  void write(Path work) throws IOException {
    byte[] content =
        Json.object()
            .put("ek_name", endorsementKey.hex())
            .putBytes64("ak_public", area.toBytes())
            .putBytes64("ak_private", sensitive)
            .build()
            .toBytes();
    PrivateFiles.write(work.resolve(FILE), content);
  }

  /** Whether two public areas are of the same kind of key, whatever its numbers. */
  boolean isOfKind(TpmPublic template) {
    return area.nameAlg() == template.nameAlg()
        && area.attributes().equals(template.attributes())
        && Arrays.equals(area.authPolicy(), template.authPolicy())
        && kind(area.key()).equals(kind(template.key()));
  }

  private static String kind(TpmPublic.Key key) {
    return switch (key) {
      case TpmPublic.Rsa rsa ->
          "rsa %d %x %s".formatted(rsa.bits(), rsa.scheme(), rsa.schemeHash());
      case TpmPublic.Ecc ecc ->
          "ecc %s %x %s".formatted(ecc.curve(), ecc.scheme(), ecc.schemeHash());
      case TpmPublic.KeyedHash _ -> "keyed hash";
    };
  }
}
