package dev.keystead.cli.folder;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.InputFile;
import dev.keystead.cli.evidence.KeyFile;
import dev.keystead.evidence.endorsement.EndorsementStore;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.launch.LaunchPolicy;
import dev.keystead.evidence.policy.Dsse;
import dev.keystead.evidence.policy.RuntimePolicy;
import dev.keystead.evidence.reference.BootReference;
import dev.keystead.evidence.reference.ReferenceFile;
import dev.keystead.evidence.refstate.Refstate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a folder is judged by. What is not here decides nothing.
 *
 * @param files the runtime policy
 * @param signatureUnchecked whether the policy is signed and no key to check that was given
 * @param reference reference values of a good boot
 * @param refstate Keylime's reference state
 * @param launches which programs a host may start
 * @param endorsement the TPM makers who are trusted
 */
public record Criteria(
    Optional<RuntimePolicy> files,
    boolean signatureUnchecked,
    Optional<BootReference> reference,
    Optional<Refstate> refstate,
    Optional<LaunchPolicy> launches,
    Optional<EndorsementStore> endorsement) {
  private static final int MOST_ROOTS = 1000;

  /**
   * Reads the files that are given.
   *
   * @throws dev.keystead.evidence.EvidenceException with POLICY_UNUSABLE, or SIGNATURE_INVALID for
   *     a policy that the key did not sign
   */
  public static Criteria read(
      @Nullable Path policy,
      @Nullable Path policyKey,
      @Nullable Path reference,
      @Nullable Path refstate,
      @Nullable Path launches,
      @Nullable Path roots) {
    Optional<byte[]> bytes = file(policy, "the policy");
    Optional<Dsse> envelope = bytes.filter(Criteria::isEnvelope).map(Dsse::parse);
    if (policyKey != null && envelope.isEmpty()) {
      throw CommandException.usage("--policy-key is given, but no signed policy");
    }
    Optional<byte[]> bare =
        envelope.isEmpty()
            ? bytes
            : envelope.map(e ->
                policyKey == null
                    ? e.payload()
                    : e.verify(List.of(KeyFile.read(policyKey).publicKey())));
    return new Criteria(
        bare.map(RuntimePolicy::parse),
        envelope.isPresent() && policyKey == null,
        file(reference, "the reference values").map(ReferenceFile::parse),
        file(refstate, "the reference state").map(Refstate::parse),
        file(launches, "the launch policy").map(LaunchPolicy::parse),
        Optional.ofNullable(roots).map(folder -> EndorsementStore.of(files(folder))));
  }

  private static Optional<byte[]> file(@Nullable Path file, String what) {
    return Optional.ofNullable(file).map(f -> InputFile.read(f, InputFile.POLICY, what));
  }

  private static boolean isEnvelope(byte[] json) {
    try {
      return Dsse.isEnvelope(Json.parseObject(json, Limits.POLICY));
    } catch (JsonException e) {
      throw CommandException.unreadable("the policy is not a JSON object: " + e.getMessage());
    }
  }

  private static List<byte[]> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw CommandException.unreadable(
          "the folder of EK roots %s does not exist".formatted(folder));
    }
    List<byte[]> contents = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).limit(MOST_ROOTS).sorted().toList()) {
        contents.add(InputFile.read(file, InputFile.SMALL, "the certificate"));
      }
    } catch (IOException e) {
      throw CommandException.unreadable(
          "the folder of EK roots %s cannot be read: %s".formatted(folder, e.getMessage()));
    }
    return contents;
  }
}
