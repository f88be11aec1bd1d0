package dev.keystead.keylime.verifier;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.PemField;
import dev.keystead.keylime.WireException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an agent is judged by, as it is sent (sections 7 to 10). The texts are bounded here and
 * judged by the evidence room.
 *
 * @param tpm PCRs and their values
 * @param runtime JSON of a runtime policy, or of a DSSE envelope around one
 * @param runtimeName under which the verifier keeps it, or has it already
 * @param runtimeKey the PEM public key that signed it
 * @param boot JSON text of the measured-boot policy; {@code {}} stands for none
 * @param bootName under which the verifier keeps it, or has it already
 * @param imaKeys the keyring of file signatures, as JSON text
 * @param launch JSON text of the policy for the programs of a host; Keystead's own
 */
public record Policies(
    TpmPolicy tpm,
    Optional<byte[]> runtime,
    Optional<String> runtimeName,
    Optional<String> runtimeKey,
    Optional<String> boot,
    Optional<String> bootName,
    Optional<String> imaKeys,
    Optional<String> launch) {
  /** Most bytes of a policy. */
  public static final int MAX_POLICY = 48 << 20;

  /** Most bytes of a measured-boot policy, and of a keyring. */
  public static final int MAX_BOOT = 16 << 20;

  /** The form of a policy's name. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,79}");

  /** Checks the names. */
  public Policies {
    runtimeName.ifPresent(name -> requireName(name, "runtime_policy_name"));
    bootName.ifPresent(name -> requireName(name, "mb_policy_name"));
  }

  /** Policies without one for programs. */
  public Policies(
      TpmPolicy tpm,
      Optional<byte[]> runtime,
      Optional<String> runtimeName,
      Optional<String> runtimeKey,
      Optional<String> boot,
      Optional<String> bootName,
      Optional<String> imaKeys) {
    this(tpm, runtime, runtimeName, runtimeKey, boot, bootName, imaKeys, Optional.empty());
  }

  /** The same, judging the programs of a host by this policy. */
  public Policies ofLaunch(String policy) {
    return new Policies(
        tpm, runtime, runtimeName, runtimeKey, boot, bootName, imaKeys, Optional.of(policy));
  }

  /** Only PCRs. */
  public static Policies ofPcrs(TpmPolicy tpm) {
    return new Policies(
        tpm,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same, judging files by this policy, which its signer signed. */
  public Policies ofRuntime(byte[] policy, Optional<String> signer) {
    return new Policies(
        tpm, Optional.of(policy), Optional.empty(), signer, boot, bootName, imaKeys, launch);
  }

  /** The same, judging the boot by this policy. */
  public Policies ofBoot(String policy) {
    return new Policies(
        tpm,
        runtime,
        runtimeName,
        runtimeKey,
        Optional.of(policy),
        Optional.empty(),
        imaKeys,
        launch);
  }

  /** The same without the policies themselves and without their names. */
  public Policies withoutBodies() {
    return new Policies(
        tpm,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        imaKeys,
        launch);
  }

  /** Requires the form of a policy's name; {@code field} is named in the exception. */
  public static void requireName(String name, String field) {
    if (!NAME.matcher(name).matches()) {
      throw WireException.malformed(field, "is not 1 to 80 letters, digits, dots, _ and -");
    }
  }

  static Policies read(Fields fields) {
    return new Policies(
        TpmPolicy.parse(fields.text("tpm_policy", 256 << 10)),
        Optional.of(fields.bytes64("runtime_policy", MAX_POLICY)).filter(b -> b.length != 0),
        Message.nonEmpty(fields, "runtime_policy_name", 80),
        fields
            .optionalBytes64("runtime_policy_key", PemField.MAX_LENGTH)
            .filter(b -> b.length != 0)
            .map(b -> new String(b, StandardCharsets.ISO_8859_1)),
        text(fields, "mb_policy", MAX_BOOT),
        Message.nonEmpty(fields, "mb_policy_name", 80),
        text(fields, "ima_sign_verification_keys", MAX_BOOT),
        Message.nonEmpty(fields, "launch_policy", MAX_BOOT));
  }

  /** A text that must be there, though null and empty stand for nothing. */
  private static Optional<String> text(Fields fields, String name, int max) {
    fields.field(name);
    return Message.nonEmpty(fields, name, max);
  }

  void write(JsonObjectBuilder out) {
    Base64.Encoder base64 = Base64.getEncoder();
    out.put("tpm_policy", tpm.toText())
        .put("runtime_policy", runtime.map(base64::encodeToString).orElse(""))
        .put("runtime_policy_name", runtimeName.orElse(""))
        .put(
            "runtime_policy_key",
            runtimeKey
                .map(pem -> base64.encodeToString(pem.getBytes(StandardCharsets.ISO_8859_1)))
                .orElse(""))
        .put("mb_policy", Message.orNull(boot.map(Json::of)))
        .put("mb_policy_name", bootName.orElse(""))
        .put("ima_sign_verification_keys", imaKeys.orElse(""));
    launch.ifPresent(policy -> out.put("launch_policy", policy));
  }
}
