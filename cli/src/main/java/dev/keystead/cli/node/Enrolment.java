package dev.keystead.cli.node;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.OutputFormat;
import dev.keystead.cli.folder.Criteria;
import dev.keystead.cli.policy.PolicyOptions;
import dev.keystead.evidence.endorsement.EndorsementStore;
import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.tenant.AddRequest;
import dev.keystead.tenant.Approach;
import dev.keystead.tenant.Endorsement;
import dev.keystead.tenant.Enrolled;
import dev.keystead.tenant.PayloadSource;
import dev.keystead.tenant.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What {@code node add} and {@code node update} are told. */
final class Enrolment {
  private static final int MOST_FILES = 1000;

  @Option(
      names = "--ek-roots",
      paramLabel = "DIR",
      description = "Certificates (PEM or DER) of the TPM makers that you trust.")
  private @Nullable Path roots;

  @Option(
      names = "--ek-check",
      paramLabel = "PROGRAM",
      description = {
        "A program of yours that has to accept the endorsement key (0 is good). Its environment has"
            + " AGENT_UUID, EK, EK_CERT, EK_TPM and TPM_CERT_STORE, as Keylime's ek_check_script."
      })
  private @Nullable Path check;

  @Option(
      names = "--unendorsed",
      description = "Accept a TPM that no maker vouches for: anything may imitate one.")
  private boolean unendorsed;

  @Mixin private PolicyOptions policies;

  @Option(
      names = "--payload",
      paramLabel = "FILE",
      description = "A file that the node is to receive.")
  private @Nullable Path payload;

  @Option(
      names = "--encrypted-payload",
      paramLabel = "FILE",
      description = "A payload that was encrypted before; with --key-file.")
  private @Nullable Path encrypted;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "With --encrypted-payload: its key and the two shares, three lines of base64.")
  private @Nullable Path keyFile;

  @Option(
      names = "--cert",
      paramLabel = "DIR",
      description =
          "Send a certificate of the authority in this folder, made when absent, with what the node"
              + " needs to check revocations.")
  private @Nullable Path authority;

  @Option(
      names = "--include",
      paramLabel = "FILE|DIR[,...]",
      split = ",",
      description = {
        "With --cert: further files of the payload, such as action_list; of a folder, all files."
      })
  private List<Path> include = List.of();

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "How long to wait for the proof that the node has its key (default: 30, 0: not).")
  private int wait;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Where you reach the node, if that is not where it registered.")
  private @Nullable String host;

  @Option(names = "--port", paramLabel = "PORT", description = "Likewise its port.")
  private @Nullable Integer port;

  @Option(
      names = "--verifier-reaches",
      paramLabel = "HOST",
      description = "Where the verifier reaches the node, if that is elsewhere.")
  private @Nullable String verifierHost;

  @Option(
      names = "--api-version",
      paramLabel = "VERSION",
      converter = Version.class,
      description = "The version to speak with the node, such as 2.1; negotiated without it.")
  private @Nullable ApiVersion version;

  @Option(
      names = {"--push", "--push-model"},
      description = {
        "The node's agent brings its evidence (agent --mode push): it gets no key and no payload;"
            + " with --cert revocations about it are signed."
      })
  private boolean push;

  /** Parses versions. */
  static final class Version implements ITypeConverter<ApiVersion> {
    @Override
    public ApiVersion convert(String text) {
      try {
        return ApiVersion.parse(text);
      } catch (WireException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  AddRequest request(AgentId id) {
    return new AddRequest(
        id,
        payload(),
        policies.source(),
        endorsement(),
        AcceptLists.DEFAULT,
        wait > 0 ? Optional.of(Duration.ofSeconds(wait)) : Optional.empty(),
        new Approach(
            Optional.ofNullable(host),
            port == null ? OptionalInt.empty() : OptionalInt.of(port),
            Optional.ofNullable(verifierHost),
            Optional.ofNullable(version),
            push));
  }

  private Endorsement endorsement() {
    if (unendorsed && (roots != null || check != null)) {
      throw CommandException.usage("--unendorsed goes with neither --ek-roots nor --ek-check");
    }
    if (!unendorsed && roots == null && check == null) {
      throw CommandException.usage("give --ek-roots DIR, --ek-check PROGRAM or --unendorsed");
    }
    Optional<EndorsementStore> makers =
        Criteria.read(null, null, null, null, null, roots).endorsement();
    if (check != null) {
      return new Endorsement.Script(check, makers, Optional.ofNullable(roots));
    }
    return makers.<Endorsement>map(Endorsement.Makers::new).orElseGet(Endorsement.Unendorsed::new);
  }

  private PayloadSource payload() {
    long kinds = Stream.of(payload, authority, encrypted).filter(given -> given != null).count();
    if (kinds > 1) {
      throw CommandException.usage(
          "--payload, --encrypted-payload and --cert do not go together: use --include");
    }
    if ((encrypted == null) != (keyFile == null)) {
      throw CommandException.usage("--encrypted-payload and --key-file go together");
    }
    if (authority == null && !include.isEmpty()) {
      throw CommandException.usage("--include goes with --cert");
    }
    if (payload != null) {
      return new PayloadSource.SingleFile(payload);
    }
    if (encrypted != null && keyFile != null) {
      return new PayloadSource.Encrypted(keyFile, encrypted);
    }
    return authority == null
        ? new PayloadSource.None()
        : new PayloadSource.CertificatePackage(authority, files(include));
  }

  private static List<Path> files(List<Path> paths) {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.isDirectory(path)) {
        files.add(path);
        continue;
      }
      try (Stream<Path> inside = Files.list(path)) {
        inside.filter(Files::isRegularFile).sorted().limit(MOST_FILES).forEach(files::add);
      } catch (IOException e) {
        throw CommandException.unreadable(
            "the folder %s cannot be listed: %s".formatted(path, e.getMessage()));
      }
    }
    return files;
  }

  static Progress progress(OutputFormat output) {
    return (stage, detail, took) -> {
      if (!output.isJson()) {
        String name = stage.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        output.say("%-22s %8.1f ms  %s".formatted(name, took.toNanos() / 1e6, detail));
      }
    };
  }

  static void print(Enrolled enrolled, OutputFormat output) {
    output.print(
        Json.object()
            .put("id", enrolled.id().value())
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
                .formatted(
                    enrolled.id(),
                    enrolled.keyProven() ? ", and proved that it has its key" : "")));
  }
}
