package dev.keystead.cli.node;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.cli.folder.Criteria;
import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.tenant.AddRequest;
import dev.keystead.tenant.Endorsement;
import dev.keystead.tenant.Enrolled;
import dev.keystead.tenant.PayloadSource;
import dev.keystead.tenant.PolicySource;
import dev.keystead.tenant.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keystead node add}. */
@Command(
    name = "add",
    description = {
      "Put a registered node under watch: prove its identity, give the verifier policies and one"
          + " half of the key, the node the other half and the payload.",
      "The TPM maker has to be one of --ek-roots, unless --unendorsed says that none is needed."
    })
final class NodeAddCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ID", converter = Owner.Id.class, description = "The agent's id.")
  private AgentId id;

  @Option(
      names = "--ek-roots",
      paramLabel = "DIR",
      description = "Certificates (PEM or DER) of the TPM makers that you trust.")
  private @Nullable Path roots;

  @Option(
      names = "--unendorsed",
      description = "Accept a TPM that no maker vouches for: anything may imitate one.")
  private boolean unendorsed;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "A runtime policy, bare or signed (DSSE).")
  private @Nullable Path policy;

  @Option(
      names = "--policy-key",
      paramLabel = "FILE",
      description = "The PEM public key or certificate that must have signed the policy.")
  private @Nullable Path policyKey;

  @Option(
      names = {"--reference", "--mb-refstate"},
      paramLabel = "FILE",
      description = "Reference values, or a measured boot reference state of Keylime's.")
  private @Nullable Path boot;

  @Option(
      names = "--tpm-policy",
      paramLabel = "JSON",
      description = "Values that PCRs must have, as {\"15\": [\"hex\"]}.")
  private @Nullable String pcrs;

  @Option(
      names = "--payload",
      paramLabel = "FILE",
      description = "A file that the node is to receive.")
  private @Nullable Path payload;

  @Option(
      names = "--cert",
      paramLabel = "DIR",
      description =
          "Send a certificate of the authority in this folder, made when absent, with what the node"
              + " needs to check revocations.")
  private @Nullable Path authority;

  @Option(
      names = "--include",
      paramLabel = "FILE[,FILE]",
      split = ",",
      description = "With --cert: further files of the payload, such as action_list.")
  private List<Path> include = List.of();

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "How long to wait for the proof that the node has its key (default: 30, 0: not).")
  private int wait;

  @Option(
      names = "--push-model",
      description =
          "The node's agent brings its evidence (agent --mode push): it gets no key and no payload;"
              + " with --cert revocations about it are signed.")
  private boolean push;

  @Mixin private Owner owner;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException {
    AddRequest request =
        new AddRequest(
            id,
            payload(),
            new PolicySource(
                Optional.ofNullable(policy),
                Optional.ofNullable(policyKey),
                Optional.ofNullable(boot),
                Optional.ofNullable(pcrs),
                Optional.empty(),
                Optional.empty()),
            endorsement(),
            AcceptLists.DEFAULT,
            wait > 0 ? Optional.of(Duration.ofSeconds(wait)) : Optional.empty());
    Enrolled enrolled =
        owner.as(
            tenant -> push ? tenant.addPush(request, progress()) : tenant.add(request, progress()));
    output.print(
        Json.object()
            .put("id", id.value())
            .put("contact", enrolled.contact().toString())
            .put("version", enrolled.version().toString())
            .put("ak", enrolled.ak().hex())
            .put("endorsement", enrolled.endorsement())
            .put("registrations", enrolled.registrations())
            .put("pcrs", enrolled.mask().toString())
            .put("keyProven", enrolled.keyProven())
            .put("tookMillis", enrolled.took().toMillis())
            .build(),
        List.of(
            "%s is under watch%s"
                .formatted(id, enrolled.keyProven() ? ", and proved that it has its key" : "")));
    return ExitCode.TRUSTED;
  }

  private Progress progress() {
    return (stage, detail, took) -> {
      if (!output.isJson()) {
        String name = stage.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        output.say("%-22s %8.1f ms  %s".formatted(name, took.toNanos() / 1e6, detail));
      }
    };
  }

  private Endorsement endorsement() {
    if ((roots == null) != unendorsed) {
      throw CommandException.usage("give either --ek-roots DIR or --unendorsed");
    }
    return Criteria.read(null, null, null, null, null, roots)
        .endorsement()
        .<Endorsement>map(Endorsement.Makers::new)
        .orElseGet(Endorsement.Unendorsed::new);
  }

  private PayloadSource payload() {
    if (payload != null && authority != null) {
      throw CommandException.usage("--payload and --cert do not go together: use --include");
    }
    if (authority == null && !include.isEmpty()) {
      throw CommandException.usage("--include goes with --cert");
    }
    if (payload != null) {
      return new PayloadSource.SingleFile(payload);
    }
    return authority == null
        ? new PayloadSource.None()
        : new PayloadSource.CertificatePackage(authority, include);
  }
}
