package dev.keystead.tenant;

import dev.keystead.evidence.endorsement.EndorsementStore;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.Nonce;
import dev.keystead.keylime.registration.AgentRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.List;

/** A real agent, as it was recorded. */
final class Recorded {
  static final AgentId ID = AgentId.of("aaaaaaaa-0000-4000-8000-00000000000a");
  static final Nonce NONCE = new Nonce("7YP6wgmQqIXMJkjzjlqb");

  private Recorded() {}

  static byte[] bytes(String name) {
    try (InputStream in = Recorded.class.getResourceAsStream("/recorded/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no recording " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The results of a recorded reply. */
  static Json.Obj results(String name) {
    Fields all = Json.parseObject(bytes(name + ".json"), Limits.WIRE).fields("");
    return all.object("response").object("body").field("results").object();
  }

  static AgentRecord record() {
    return AgentRecord.parse(results("05-tenant-registrar-get"));
  }

  /** The private half of the agent's payload key. */
  static PrivateKey payloadKey() {
    return PrivateKeys.fromPem(new String(bytes("nk-pull.pem"), StandardCharsets.US_ASCII));
  }

  /** The maker of the agent's TPM. */
  static EndorsementStore maker() {
    return EndorsementStore.of(List.of(bytes("ek-ca-root.der"), bytes("ek-ca-issuer.der")));
  }

  /** Asks with the recorded nonce first, so that the recorded quote answers; then at random. */
  static SecureRandom randomThatAsksAsRecorded() {
    return new SecureRandom() {
      private static final String ALPHABET =
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
      private int asked;

      @Override
      public int nextInt(int bound) {
        return bound == ALPHABET.length() && asked < NONCE.value().length()
            ? ALPHABET.indexOf(NONCE.value().charAt(asked++))
            : super.nextInt(bound);
      }
    };
  }
}
