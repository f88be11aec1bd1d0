package dev.keystead.node.agent;

import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.keylime.AgentId;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmPublic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.UUID;

/** Under which id an agent registers (section 2). */
public sealed interface AgentName {
  /** A given id. */
  record Fixed(AgentId id) implements AgentName {}

  /** A random UUID, the same after a restart. */
  record Generated() implements AgentName {}

  /** The hex SHA-256 of the endorsement key's public key in PEM. */
  record OfEndorsementKey() implements AgentName {}

  /** Reads {@code generate}, {@code hash_ek} or an id. */
  static AgentName parse(String text) {
    return switch (text) {
      case "generate" -> new Generated();
      case "hash_ek" -> new OfEndorsementKey();
      default -> new Fixed(AgentId.of(text));
    };
  }

  /** The id; a generated one is kept in the work directory. */
  default AgentId resolve(Path work, TpmPublic endorsementKey) throws IOException {
    return switch (this) {
      case Fixed(AgentId id) -> id;
      case Generated() -> generated(work.resolve("agent-id"));
      case OfEndorsementKey() -> {
        String pem = PrivateKeys.toPem(endorsementKey.toPublicKey());
        byte[] hash = HashAlg.SHA256.hash(pem.getBytes(StandardCharsets.US_ASCII));
        yield AgentId.of(HexFormat.of().formatHex(hash));
      }
    };
  }

  private static AgentId generated(Path file) throws IOException {
    if (!Files.exists(file)) {
      PrivateFiles.write(file, UUID.randomUUID().toString());
    }
    return AgentId.of(
        new String(PrivateFiles.read(file, AgentId.MAX_LENGTH), StandardCharsets.US_ASCII));
  }
}
