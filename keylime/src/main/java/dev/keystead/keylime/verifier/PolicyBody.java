package dev.keystead.keylime.verifier;

import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.PemField;
import dev.keystead.keylime.WireException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What is sent to keep a policy under a name (section 7). */
public sealed interface PolicyBody {
  /**
   * A policy for files: the body of POST and PUT /allowlists/{name}.
   *
   * @param policy JSON, or a DSSE envelope around it
   * @param signer the PEM public key of the envelope's signer
   */
  record ForFiles(byte[] policy, Optional<String> signer) implements PolicyBody {
    /**
     * Reads the body. Keylime's {@code tpm_policy} may come with it and has no effect there; here
     * it may hold a mask only, so that nobody takes PCR values in it for judged.
     */
    public static ForFiles parse(Json json) {
      return Message.read(
          json,
          fields -> {
            byte[] policy = fields.bytes64("runtime_policy", Policies.MAX_POLICY);
            if (policy.length == 0) {
              throw WireException.malformed("runtime_policy", "is empty");
            }
            Message.nonEmpty(fields, "tpm_policy", 256 << 10)
                .map(TpmPolicy::parse)
                .filter(tpm -> !tpm.values().isEmpty())
                .ifPresent(_ -> {
                  throw WireException.malformed(
                      "tpm_policy", "PCR values belong to an agent, not to a policy for files");
                });
            return new ForFiles(
                policy,
                fields
                    .optionalBytes64("runtime_policy_key", PemField.MAX_LENGTH)
                    .filter(b -> b.length != 0)
                    .map(b -> new String(b, StandardCharsets.ISO_8859_1)));
          });
    }
  }

  /**
   * A policy for the boot: the body of POST and PUT /mbpolicies/{name}.
   *
   * @param policy JSON text
   */
  record ForBoot(String policy) implements PolicyBody {
    /** Reads the body. */
    public static ForBoot parse(Json json) {
      return Message.read(json, fields -> new ForBoot(fields.text("mb_policy", Policies.MAX_BOOT)));
    }
  }
}
