package dev.keystead.control.verifier;

import dev.keystead.evidence.BootPolicy;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.Policy;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.launch.LaunchPolicy;
import dev.keystead.evidence.policy.Dsse;
import dev.keystead.evidence.policy.PcrPolicy;
import dev.keystead.evidence.policy.RuntimePolicy;
import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.evidence.quote.Scheme;
import dev.keystead.evidence.reference.ReferenceFile;
import dev.keystead.evidence.refstate.Refstate;
import dev.keystead.keylime.PemField;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.keylime.verifier.Policies;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes one policy of what the owner sent; whatever cannot be used is refused when it is sent. */
final class Criteria {
  private Criteria() {}

  /**
   * Makes the policy of a node. Its PCR bank is the hash of the node's key: Keylime's agents quote
   * the bank that they sign with.
   *
   * @param payloadKey whether quotes must bind a payload key
   * @throws EvidenceException mostly with POLICY_UNUSABLE
   */
  static Policy of(AttestationKey ak, AcceptLists accept, Policies sent, boolean payloadKey) {
    return new Policy(
        revision(ak, accept, sent),
        new QuoteVerifier(ak, accepted(accept)),
        ak.hash(),
        Optional.of(PcrPolicy.parse(sent.tpm().toText())),
        files(sent),
        sent.boot().flatMap(Criteria::boot),
        payloadKey,
        false,
        sent.launch().map(text -> LaunchPolicy.parse(text.getBytes(StandardCharsets.UTF_8))));
  }

  private static String revision(AttestationKey ak, AcceptLists accept, Policies sent) {
    byte[] none = new byte[0];
    String texts =
        Json.strings(
                List.of(
                    ak.name().hex(),
                    accept.toString(),
                    sent.tpm().toText(),
                    sent.runtimeKey().orElse(""),
                    sent.boot().orElse(""),
                    sent.imaKeys().orElse(""),
                    sent.launch().orElse("")))
            .toString();
    return HexFormat.of()
        .formatHex(
            HashAlg.SHA256.hash(
                HashAlg.SHA256.hash(texts.getBytes(StandardCharsets.UTF_8)),
                HashAlg.SHA256.hash(sent.runtime().orElse(none))));
  }

  /** What is known among the accepted names: a list may name what only others know. */
  private static AcceptedAlgorithms accepted(AcceptLists accept) {
    Set<Scheme> schemes =
        Arrays.stream(Scheme.values())
            .filter(scheme -> accept.signing().contains(scheme.label()))
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scheme.class)));
    Set<HashAlg> hashes =
        AcceptedAlgorithms.ALL.hashes().stream()
            .filter(hash -> accept.hashes().contains(hash.label()))
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(HashAlg.class)));
    return new AcceptedAlgorithms(schemes, hashes);
  }

  private static Optional<RuntimePolicy> files(Policies sent) {
    if (sent.runtime().isEmpty()) {
      if (sent.imaKeys().isPresent() || sent.runtimeKey().isPresent()) {
        throw unusable("keys for files were sent, but no policy for files");
      }
      return Optional.empty();
    }
    return Optional.of(files(sent.runtime().get(), sent.runtimeKey(), sent.imaKeys()));
  }

  /**
   * A policy for files.
   *
   * @param json the policy, or a DSSE envelope around it
   * @param signer the PEM public key that signed it
   * @param keys a keyring that is added to its own
   * @throws EvidenceException with POLICY_UNUSABLE
   */
  static RuntimePolicy files(byte[] json, Optional<String> signer, Optional<String> keys) {
    try {
      Json.Obj policy = Json.parseObject(unsigned(json, signer), Limits.POLICY);
      return RuntimePolicy.of(KeyringText.merged(policy, keys));
    } catch (JsonException e) {
      throw unusable(String.valueOf(e.getMessage()));
    }
  }

  /** The policy itself, out of its envelope if it has one. */
  static byte[] unsigned(byte[] json, Optional<String> signer) {
    try {
      if (Dsse.isEnvelope(Json.parseObject(json, Limits.POLICY))) {
        return opened(json, signer);
      }
    } catch (JsonException e) {
      throw unusable(String.valueOf(e.getMessage()));
    }
    if (signer.isPresent()) {
      throw unusable("a key was sent for it, but it is not signed");
    }
    return json;
  }

  private static byte[] opened(byte[] envelope, Optional<String> key) {
    String pem = key.orElseThrow(() -> unusable("it is signed, but the key was not sent"));
    return Dsse.parse(envelope).verify(List.of(publicKey(pem)));
  }

  private static PublicKey publicKey(String pem) {
    byte[] der = PemField.one(pem, "PUBLIC KEY", "runtime_policy_key");
    try {
      return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw unusable("its key is not an EC public key");
    }
  }

  /** Whether the text of a boot policy stands for none. */
  static boolean isNoBootPolicy(String text) {
    return text.strip().equals("{}");
  }

  /**
   * A policy for the boot. Reference values of ours name their type; Keylime's refstate has no such
   * member.
   *
   * @throws EvidenceException with POLICY_UNUSABLE
   */
  static Optional<BootPolicy> boot(String text) {
    byte[] json = text.getBytes(StandardCharsets.UTF_8);
    if (isNoBootPolicy(text)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Json.parseObject(json, Limits.POLICY).members().containsKey("type")
              ? BootPolicy.of(ReferenceFile.parse(json))
              : BootPolicy.of(Refstate.parse(json)));
    } catch (JsonException e) {
      throw new EvidenceException(
          Code.POLICY_UNUSABLE, "mb_policy", String.valueOf(e.getMessage()));
    }
  }

  private static EvidenceException unusable(String detail) {
    return new EvidenceException(Code.POLICY_UNUSABLE, "runtime_policy", detail);
  }
}
