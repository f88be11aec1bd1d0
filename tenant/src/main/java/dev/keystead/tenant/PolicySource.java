package dev.keystead.tenant;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.ima.Keyring;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.launch.LaunchPolicy;
import dev.keystead.evidence.policy.Dsse;
import dev.keystead.evidence.policy.PolicyDraft;
import dev.keystead.evidence.policy.RuntimePolicy;
import dev.keystead.evidence.reference.ReferenceFile;
import dev.keystead.evidence.refstate.Refstate;
import dev.keystead.keylime.PemField;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.verifier.Policies;
import dev.keystead.keylime.verifier.TpmPolicy;
import dev.keystead.tenant.TenantException.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Optional;

/**
 * The files that an agent is to be judged by. Each is read and judged usable before anything is
 * sent to anyone.
 *
 * @param runtime a runtime policy of Keylime's, bare or in a DSSE envelope
 * @param runtimeKey the PEM public key or certificate that must have signed the envelope
 * @param boot Keylime's reference state, or reference values of Keystead's
 * @param tpm JSON text: digests by PCR
 * @param runtimeName under which the verifier keeps the policy, or has it already
 * @param bootName likewise
 * @param imaKeys keys that files may be signed with, besides those of the runtime policy
 * @param launch Keystead's policy for the programs that a host on the node may start
 */
public record PolicySource(
    Optional<Path> runtime,
    Optional<Path> runtimeKey,
    Optional<Path> boot,
    Optional<String> tpm,
    Optional<String> runtimeName,
    Optional<String> bootName,
    Keyring imaKeys,
    Optional<Path> launch) {
  /** Nothing is judged but the quote itself and the payload key. */
  public static final PolicySource NONE =
      new PolicySource(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** No further keys, and nothing about programs. */
  public PolicySource(
      Optional<Path> runtime,
      Optional<Path> runtimeKey,
      Optional<Path> boot,
      Optional<String> tpm,
      Optional<String> runtimeName,
      Optional<String> bootName) {
    this(runtime, runtimeKey, boot, tpm, runtimeName, bootName, Keyring.EMPTY, Optional.empty());
  }

  /** Only a runtime policy. */
  public static PolicySource ofRuntime(Path file) {
    return new PolicySource(
        Optional.of(file),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  Policies read() {
    Optional<String> key = runtimeKey.map(PolicySource::key);
    if (key.isPresent() && runtime.isEmpty()) {
      throw bad("a key for the runtime policy is given, and no policy", "Give both or neither");
    }
    Optional<byte[]> files = runtime.map(file -> runtime(file, key));
    Optional<String> bootText = boot.map(PolicySource::boot);
    try {
      Policies policies =
          new Policies(
              TpmPolicy.ofOwner(
                  tpm.orElse("{}"),
                  files.isPresent() || runtimeName.isPresent() || !imaKeys.isEmpty(),
                  bootText.isPresent() || bootName.isPresent()),
              files,
              runtimeName,
              key,
              bootText,
              bootName,
              imaKeys.isEmpty() ? Optional.empty() : Optional.of(PolicyDraft.keyring(imaKeys)));
      return launch.map(PolicySource::launch).map(policies::ofLaunch).orElse(policies);
    } catch (WireException e) {
      throw bad("the policies do not go together: " + e.getMessage(), "", e);
    }
  }

  private static byte[] runtime(Path file, Optional<String> key) {
    byte[] bytes = InputFile.bytes(file, Policies.MAX_POLICY, "runtime policy");
    try {
      Json.Obj json = object(bytes, file);
      if (Dsse.isEnvelope(json)) {
        Dsse envelope = Dsse.parse(bytes);
        RuntimePolicy.parse(
            key.isPresent() ? envelope.verify(List.of(publicKey(key.get()))) : envelope.payload());
      } else if (key.isPresent()) {
        throw bad(
            "the runtime policy " + file + " is not signed, though a key for it is given",
            "Sign it, or leave the key out");
      } else {
        RuntimePolicy.of(json);
      }
    } catch (EvidenceException e) {
      throw bad(
          "the runtime policy %s cannot be used: %s".formatted(file, e.getMessage()),
          "It must be a runtime policy of version 1, bare or in a DSSE envelope",
          e);
    }
    return bytes;
  }

  private static String boot(Path file) {
    byte[] bytes = InputFile.bytes(file, Policies.MAX_BOOT, "measured-boot policy");
    Json.Obj json = object(bytes, file);
    try {
      if (json.members().containsKey("type")) {
        ReferenceFile.parse(bytes);
      } else {
        Refstate.parse(bytes);
      }
    } catch (EvidenceException e) {
      throw bad(
          "the measured-boot policy %s cannot be used: %s".formatted(file, e.getMessage()),
          "It must be reference values of Keystead, or a reference state of Keylime",
          e);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String launch(Path file) {
    byte[] bytes = InputFile.bytes(file, Policies.MAX_BOOT, "launch policy");
    try {
      var _ = LaunchPolicy.parse(bytes);
    } catch (EvidenceException e) {
      throw bad(
          "the launch policy %s cannot be used: %s".formatted(file, e.getMessage()),
          "It lists the measurements of programs, as keystead measure prints them",
          e);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Json.Obj object(byte[] bytes, Path file) {
    try {
      return Json.parseObject(bytes, Limits.POLICY);
    } catch (JsonException e) {
      throw bad(file + " is not a JSON object: " + e.getMessage(), "", e);
    }
  }

  private static String key(Path file) {
    String pem = InputFile.text(file, PemField.MAX_LENGTH, "key of the runtime policy");
    var _ = publicKey(pem);
    return pem;
  }

  private static PublicKey publicKey(String pem) {
    try {
      if (pem.contains("BEGIN CERTIFICATE")) {
        return PemField.certificate(pem, "runtime policy key").getPublicKey();
      }
      byte[] der = PemField.one(pem, "PUBLIC KEY", "runtime policy key");
      return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
    } catch (WireException | GeneralSecurityException e) {
      throw bad(
          "the key of the runtime policy cannot be used: " + e.getMessage(),
          "It must be an ECDSA P-256 public key or certificate in PEM",
          e);
    }
  }

  private static TenantException bad(String what, String advice) {
    return new TenantException(Problem.BAD_INPUT, join(what, advice));
  }

  private static TenantException bad(String what, String advice, Exception cause) {
    return new TenantException(Problem.BAD_INPUT, join(what, advice), cause);
  }

  private static String join(String what, String advice) {
    return advice.isEmpty() ? what : what + ". " + advice;
  }
}
