package dev.keystead.tenant;

import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.bootstrap.Payload;
import dev.keystead.keylime.revocation.RevocationKey;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/**
 * A payload in clear, ready to be encrypted, and what the verifier is told because of it. Zeroed by
 * {@link #close}.
 */
record PreparedPayload(
    Optional<byte[]> plain,
    Json.Obj metadata,
    Optional<RevocationKey> revocationKey,
    Optional<EncryptedPayload> encrypted)
    implements AutoCloseable {
  PreparedPayload(
      Optional<byte[]> plain, Json.Obj metadata, Optional<RevocationKey> revocationKey) {
    this(plain, metadata, revocationKey, Optional.empty());
  }

  static PreparedPayload of(PayloadSource source, AgentId id, InstantSource clock) {
    return switch (source) {
      case PayloadSource.None _ ->
          new PreparedPayload(Optional.empty(), Json.object().build(), Optional.empty());
      case PayloadSource.SingleFile(var file) ->
          new PreparedPayload(
              Optional.of(InputFile.bytes(file, Payload.MAX_PLAIN, "payload")),
              Json.object().build(),
              Optional.empty());
      case PayloadSource.Encrypted(var keys, var payload) ->
          new PreparedPayload(
              Optional.empty(),
              Json.object().build(),
              Optional.empty(),
              Optional.of(EncryptedPayload.read(keys, payload)));
      case PayloadSource.CertificatePackage(var authority, var include) ->
          CertificatePackage.build(authority, id, include, clock);
    };
  }

  /** For people: what is sent. */
  String words() {
    return encrypted.isPresent()
        ? "a payload that was encrypted before"
        : plain.map(bytes -> bytes.length + " bytes of payload").orElse("no payload");
  }

  @Override
  public void close() {
    plain.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
    encrypted.ifPresent(EncryptedPayload::close);
  }

  @Override
  public String toString() {
    return words();
  }
}
