package dev.keystead.keylime.verifier;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.quote.QuoteString;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmPublic;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A third party's evidence of a TPM and the policies to hold it against: the body of POST
 * /verify/evidence (section 7). Nothing of it is verified.
 *
 * @param nonce what the quote must be qualified with: the bytes of the text that was sent
 * @param hash the bank and the hash of the signature, as the sender says
 * @param policies at least one
 * @param imaList the whole measurement list, text
 * @param bootLog the boot log
 */
public record EvidenceToVerify(
    Quote quote,
    byte[] nonce,
    HashAlg hash,
    TpmPublic ek,
    TpmPublic ak,
    Policies policies,
    Optional<String> imaList,
    Optional<byte[]> bootLog) {
  /** What a body may be. */
  public static final Limits LIMITS = Limits.POLICY;

  private static final int MAX_PUBLIC = 1024;
  private static final int MAX_QUOTE = 64 << 10;
  private static final int MAX_LIST = 48 << 20;
  private static final int MAX_LOG = 4 << 20;

  /** Reads the body; policies may stand as JSON or as its text. */
  public static EvidenceToVerify parse(Json json) {
    return Message.read(
        json,
        fields -> {
          String type = fields.text("type", 16);
          if (!type.equals("tpm")) {
            throw WireException.malformed("type", "only evidence of the type tpm is judged here");
          }
          return read(fields.object("data"));
        });
  }

  private static EvidenceToVerify read(Fields data) {
    Optional<String> tpm = policy(data, "tpm_policy");
    Optional<String> runtime = policy(data, "runtime_policy");
    Optional<String> boot = policy(data, "mb_policy");
    if (tpm.isEmpty() && runtime.isEmpty() && boot.isEmpty()) {
      throw WireException.malformed("data", "has no policy to judge by");
    }
    byte[] nonce = data.text("nonce", 64).getBytes(StandardCharsets.UTF_8);
    if (nonce.length == 0 || nonce.length > 64) {
      throw WireException.malformed("nonce", "is not 1 to 64 bytes");
    }
    return new EvidenceToVerify(
        QuoteString.parse(data.text("quote", MAX_QUOTE)),
        nonce,
        HashAlg.named(data.text("hash_alg", 16))
            .orElseThrow(() -> WireException.malformed("hash_alg", "is none of Keylime's")),
        TpmPublic.parseSized(data.bytes64("tpm_ek", MAX_PUBLIC)),
        TpmPublic.parseSized(data.bytes64("tpm_ak", MAX_PUBLIC)),
        new Policies(
            tpm.map(TpmPolicy::parse).orElse(TpmPolicy.NONE),
            runtime.map(text -> text.getBytes(StandardCharsets.UTF_8)),
            Optional.empty(),
            Optional.empty(),
            boot,
            Optional.empty(),
            Optional.empty()),
        Message.nonEmpty(data, "ima_measurement_list", MAX_LIST),
        data.optionalBytes64("mb_log", MAX_LOG).filter(log -> log.length != 0));
  }

  private static Optional<String> policy(Fields data, String name) {
    return data.optional(name).map(EvidenceToVerify::text).filter(text -> !text.isEmpty());
  }

  private static String text(Field field) {
    return field.value() instanceof Json.Obj object
        ? object.toString()
        : field.text(Policies.MAX_POLICY);
  }
}
