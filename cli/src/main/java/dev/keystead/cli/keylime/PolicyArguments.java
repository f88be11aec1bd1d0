package dev.keystead.cli.keylime;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.InputFile;
import dev.keystead.evidence.policy.OlderPolicy;
import dev.keystead.evidence.policy.PolicyDraft;
import dev.keystead.tenant.policy.Fetched;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What keylime_tenant is told of policies. */
final class PolicyArguments {
  /** Theirs, then ours; all have a value. */
  private static final Map<String, String> VALUES =
      Map.of(
          "--runtime-policy-checksum", "--policy-checksum",
          "--runtime-policy-sig-key", "--policy-key",
          "--mb-policy", "--mb-policy",
          "--tpm_policy", "--tpm-policy");

  private PolicyArguments() {}

  /** Adds our options; names of policies are options only where they do not stand by themselves. */
  static void translate(ForeignOptions given, boolean names, List<String> ours) throws IOException {
    VALUES.forEach((theirs, option) ->
        given.last(theirs).ifPresent(value -> ours.addAll(List.of(option, value))));
    if (given.last("--mb-policy").filter("default"::equals).isPresent()) {
      throw CommandException.usage("--mb-policy default is not taken: name the file");
    }
    if (names) {
      given.last("--runtime-policy-name").ifPresent(n -> ours.addAll(List.of("--policy-name", n)));
      given.last("--mb-policy-name").ifPresent(n -> ours.addAll(List.of("--boot-name", n)));
    }
    runtime(given).ifPresent(file -> ours.addAll(List.of("--policy", file)));
    for (String key : given.all("--signature-verification-key")) {
      ours.addAll(List.of("--signature-key", key));
    }
    for (String address : given.all("--signature-verification-key-url")) {
      ours.addAll(List.of("--signature-key", Fetched.at(address, Optional.empty()).toString()));
    }
  }

  private static Optional<String> runtime(ForeignOptions given) throws IOException {
    Optional<String> policy =
        given.last("--runtime-policy-url").or(() -> given.last("--runtime-policy"));
    Optional<String> allowList = given.last("--allowlist-url").or(() -> given.last("--allowlist"));
    if (policy.isPresent() && allowList.isPresent()) {
      throw CommandException.usage("give either an allow list or a runtime policy");
    }
    if (allowList.isEmpty()) {
      if (given.has("--exclude")) {
        throw CommandException.usage("--exclude goes with --allowlist: put it into the policy");
      }
      return policy;
    }
    PolicyDraft draft = new PolicyDraft();
    Path list = Fetched.at(allowList.get(), Optional.empty());
    OlderPolicy.add(InputFile.read(list, InputFile.POLICY, "the allow list"), draft);
    given
        .last("--exclude")
        .ifPresent(file ->
            OlderPolicy.addExcludes(
                InputFile.read(Path.of(file), InputFile.POLICY, "the exclude list"), draft));
    byte[] made = draft.toJson(InstantSource.system().instant()).toBytes();
    return Optional.of(Fetched.temporary(made).toString());
  }
}
