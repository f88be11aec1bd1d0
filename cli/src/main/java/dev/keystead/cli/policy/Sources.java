package dev.keystead.cli.policy;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.InputFile;
import dev.keystead.evidence.policy.MeasuredList;
import dev.keystead.evidence.policy.MeasuredList.Part;
import dev.keystead.evidence.policy.PolicyDraft;
import dev.keystead.tenant.policy.DebRepository;
import dev.keystead.tenant.policy.FileTree;
import dev.keystead.tenant.policy.Initrds;
import dev.keystead.tenant.policy.PolicyRecipe;
import dev.keystead.tenant.policy.RepositoryFiles;
import dev.keystead.tenant.policy.RpmRepository;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a policy is made from. */
final class Sources {
  /** What files may be hashed with. */
  enum Hash {
    /** For machines of long ago. */
    SHA1,
    /** What machines use today. */
    SHA256,
    /** Longer. */
    SHA384,
    /** Longest. */
    SHA512;

    HashAlg alg() {
      return HashAlg.named(name().toLowerCase(Locale.ROOT)).orElseThrow();
    }
  }

  @Option(
      names = {"--tree", "--rootfs"},
      paramLabel = "DIR",
      description = {
        "A file tree: every regular file of root's, save links. Left out are /sys /run /proc"
            + " /lost+found /dev /media /snap /mnt /var /tmp of it, and file systems of another type."
      })
  private @Nullable Path tree;

  @Option(
      names = {"--skip", "--skip-path"},
      paramLabel = "DIR[,DIR]",
      split = ",",
      description = "With --tree: further folders in it to leave out.")
  private List<Path> skipped = List.of();

  @Option(names = "--any-owner", description = "With --tree: files of other users than root, too.")
  private boolean anyOwner;

  @Option(
      names = {"--initrds", "--ramdisk-dir"},
      paramLabel = "DIR",
      description = "A folder, such as /boot: what is in the files that begin with initr.")
  private @Nullable Path initrds;

  @Option(
      names = {"-m", "--ima-list"},
      paramLabel = "FILE",
      description = "The IMA list of a machine that is known to be good, binary or ASCII.")
  private @Nullable Path list;

  @Option(names = "--without-keyrings", description = "With --ima-list: not the keys in it.")
  private boolean withoutKeyrings;

  @Option(names = "--without-ima-buf", description = "With --ima-list: not its other data.")
  private boolean withoutBuffers;

  @Option(
      names = {"-a", "--allow-list"},
      paramLabel = "FILE",
      description = "An older allow list, flat (digest and name in a line) or JSON.")
  private List<Path> allowLists = List.of();

  @Option(
      names = {"-e", "--exclude-list"},
      paramLabel = "FILE",
      description = "Patterns of names to leave unjudged, one in a line.")
  private List<Path> excludeLists = List.of();

  @Option(
      names = {"-p", "--base"},
      paramLabel = "FILE",
      description = "A policy to add to.")
  private @Nullable Path base;

  @Option(
      names = "--rpm-repo",
      paramLabel = "DIR|URL",
      description = "An RPM repository: the digests that its packages state.")
  private List<String> rpm = List.of();

  @Option(
      names = "--repo-key",
      paramLabel = "FILE",
      description = "With --rpm-repo: OpenPGP keys that its metadata must be signed by.")
  private @Nullable Path repositoryKey;

  @Option(
      names = "--deb-repo",
      paramLabel = "DIR|URL",
      description = "A Debian repository or a folder of packages; the files in them are hashed.")
  private @Nullable String deb;

  @Option(
      names = "--deb-index",
      paramLabel = "FILE",
      description = "With --deb-repo: the Packages index; only what it lists counts.")
  private @Nullable Path debIndex;

  @Option(
      names = {"--hash", "--algo"},
      paramLabel = "ALG",
      description = {
        "What files are hashed with: ${COMPLETION-CANDIDATES}. Default: as in the other sources,"
            + " or SHA256."
      })
  private @Nullable Hash hash;

  @Option(
      names = "--template-hash",
      paramLabel = "ALG",
      defaultValue = "SHA1",
      description = "The template hashes of the machine's lists (default: ${DEFAULT-VALUE}).")
  private Hash templateHash;

  @Option(
      names = {"--ignore-keyring", "--ignored-keyrings"},
      paramLabel = "NAME",
      description = "A keyring whose keys are not judged; * stands for all.")
  private List<String> ignoredKeyrings = List.of();

  @Option(
      names = {"--verification-key", "--add-ima-signature-verification-key"},
      paramLabel = "FILE",
      description = "A certificate or key: files that it signed are allowed.")
  private List<Path> keys = List.of();

  /** What is to be read. */
  PolicyRecipe recipe() {
    if (repositoryKey != null && rpm.isEmpty()) {
      throw CommandException.usage("--repo-key goes with --rpm-repo");
    }
    if (tree == null && (anyOwner || !skipped.isEmpty())) {
      throw CommandException.usage("--skip and --any-owner go with --tree");
    }
    return new PolicyRecipe(
        Optional.ofNullable(base).map(file -> read(file, "the base policy")),
        allowLists.stream().map(file -> read(file, "the allow list")).toList(),
        excludeLists.stream().map(file -> read(file, "the exclude list")).toList(),
        Optional.ofNullable(list)
            .map(file -> InputFile.read(file, InputFile.IMA_LIST, "the IMA list"))
            .map(bytes -> new MeasuredList(bytes, templateHash.alg())),
        parts(),
        Optional.ofNullable(tree).map(root -> new FileTree(root, skipped, anyOwner)),
        Optional.ofNullable(initrds).map(Initrds::new),
        rpm.stream()
            .map(place ->
                new RpmRepository(RepositoryFiles.at(place), Optional.ofNullable(repositoryKey)))
            .toList(),
        debian(),
        Optional.ofNullable(hash).map(Hash::alg));
  }

  private List<DebRepository> debian() {
    if (deb == null) {
      if (debIndex != null) {
        throw CommandException.usage("--deb-index goes with --deb-repo");
      }
      return List.of();
    }
    return List.of(new DebRepository(RepositoryFiles.at(deb), Optional.ofNullable(debIndex)));
  }

  private Set<Part> parts() {
    Set<Part> parts = EnumSet.allOf(Part.class);
    if (withoutKeyrings) {
      parts.remove(Part.KEYRINGS);
    }
    if (withoutBuffers) {
      parts.remove(Part.BUFFERS);
    }
    return parts;
  }

  private static byte[] read(Path file, String what) {
    return InputFile.read(file, InputFile.POLICY, what);
  }

  /** Adds what is not read from a source. */
  void addTo(PolicyDraft draft) {
    if (list == null && base == null) {
      draft.templateHash(templateHash.alg());
    }
    ignoredKeyrings.forEach(draft::ignoreKeyring);
    PolicyOptions.keys(keys).forEach(draft::trust);
  }
}
