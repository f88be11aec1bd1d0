package dev.keystead.cli.policy;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.InputFile;
import dev.keystead.evidence.ima.ImaKey;
import dev.keystead.evidence.ima.Keyring;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.tenant.PolicySource;
import dev.keystead.tenant.policy.Fetched;
import dev.keystead.tenant.policy.VerificationKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what a node is judged by, for every verb that takes them. */
public final class PolicyOptions {
  @Option(
      names = {"--policy", "--runtime-policy"},
      paramLabel = "FILE|URL",
      description = "A runtime policy, bare or signed (DSSE); an https address is fetched.")
  private @Nullable String policy;

  @Option(
      names = {"--policy-checksum", "--runtime-policy-checksum"},
      paramLabel = "HEX",
      description = "The SHA-256 that the runtime policy must have.")
  private @Nullable String checksum;

  @Option(
      names = {"--policy-key", "--runtime-policy-sig-key"},
      paramLabel = "FILE",
      description = "The PEM public key or certificate that must have signed the policy.")
  private @Nullable Path key;

  @Option(
      names = {"--reference", "--mb-refstate", "--mb-policy"},
      paramLabel = "FILE",
      description = "Reference values, or a measured boot reference state of Keylime's.")
  private @Nullable Path boot;

  @Option(
      names = {"--policy-name", "--runtime-policy-name"},
      paramLabel = "NAME",
      description = {
        "The name of a runtime policy that the verifier keeps; with --policy, the one that it is to"
            + " keep it under."
      })
  private @Nullable String runtimeName;

  @Option(
      names = {"--boot-name", "--mb-policy-name"},
      paramLabel = "NAME",
      description = "Likewise for what the boot is compared with.")
  private @Nullable String bootName;

  @Option(
      names = "--tpm-policy",
      paramLabel = "JSON",
      description = "Values that PCRs must have, as {\"15\": [\"hex\"]}.")
  private @Nullable String pcrs;

  @Option(
      names = "--signature-key",
      paramLabel = "FILE",
      description = "A certificate or key: files that it signed are allowed.")
  private List<Path> signatureKeys = List.of();

  @Option(
      names = "--launch-policy",
      paramLabel = "FILE",
      description = "Which programs a host on the node may start (see docs/launching.md).")
  private @Nullable Path launch;

  /** What is to be read. */
  public PolicySource source() {
    if (checksum != null && policy == null) {
      throw CommandException.usage("--policy-checksum goes with --policy");
    }
    return new PolicySource(
        Optional.ofNullable(policy).map(place -> Fetched.at(place, Optional.ofNullable(checksum))),
        Optional.ofNullable(key),
        Optional.ofNullable(boot),
        Optional.ofNullable(pcrs),
        Optional.ofNullable(runtimeName),
        Optional.ofNullable(bootName),
        new Keyring(keys(signatureKeys)),
        Optional.ofNullable(launch));
  }

  /** The keys in these files. */
  static List<ImaKey> keys(List<Path> files) {
    List<ImaKey> all = new ArrayList<>();
    for (Path file : files) {
      try {
        all.add(VerificationKey.parse(InputFile.read(file, InputFile.SMALL, "the key")));
      } catch (CredentialException e) {
        throw CommandException.unreadable("the key %s: %s".formatted(file, e.getMessage()));
      }
    }
    return all;
  }
}
