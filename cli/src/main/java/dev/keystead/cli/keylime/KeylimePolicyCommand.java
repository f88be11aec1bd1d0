package dev.keystead.cli.keylime;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.keylime.ForeignOptions.Known;
import dev.keystead.cli.keylime.ForeignOptions.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code keystead keylime-policy}: keylime-policy's own options. */
@Command(
    name = "keylime-policy",
    synopsisSubcommandLabel = "",
    description = {
      "Takes the command line of Keylime's keylime-policy (create runtime, create measured-boot, sign"
          + " runtime) and does what keystead policy does with it. docs/keylime.md has the table."
    })
public final class KeylimePolicyCommand implements Callable<Integer> {
  private static final String LIST = "/sys/kernel/security/ima/ascii_runtime_measurements";
  private static final String NO_LIST = "/dev/null";
  private static final String NEW_KEY = "keylime-ecdsa-key.pem";

  /** Theirs, then ours. */
  private static final Map<String, String> CREATE_VALUES =
      Map.ofEntries(
          Map.entry("--algo", "--hash"),
          Map.entry("--ramdisk-dir", "--initrds"),
          Map.entry("--rootfs", "--tree"),
          Map.entry("--skip-path", "--skip"),
          Map.entry("--output", "--to"),
          Map.entry("--base-policy", "--base"),
          Map.entry("--allowlist", "--allow-list"),
          Map.entry("--excludelist", "--exclude-list"),
          Map.entry("--ignored-keyrings", "--ignore-keyring"),
          Map.entry("--add-ima-signature-verification-key", "--verification-key"),
          Map.entry("--local-rpm-repo", "--rpm-repo"),
          Map.entry("--remote-rpm-repo", "--rpm-repo"));

  private static final List<Known> CREATE =
      List.of(
          Known.one("--algo"),
          Known.one("--ramdisk-dir"),
          Known.one("--rootfs"),
          Known.one("--skip-path", "-s"),
          Known.one("--output", "-o"),
          Known.one("--base-policy", "-p"),
          Known.flag("--keyrings", "-k"),
          Known.flag("--ima-buf", "-b"),
          Known.one("--allowlist", "-a"),
          Known.one("--excludelist", "-e"),
          new Known(List.of("--ima-measurement-list", "-m"), Value.MAYBE, ""),
          Known.one("--ignored-keyrings"),
          Known.one("--add-ima-signature-verification-key"),
          Known.flag("--show-legacy-allowlist"),
          Known.flag("--verbose", "-v"),
          Known.one("--local-rpm-repo"),
          Known.one("--remote-rpm-repo"),
          Known.one("--max-workers"));

  private static final List<Known> CREATE_BOOT =
      List.of(
          Known.one("--eventlog-file", "-e"),
          Known.flag("--without-secureboot", "-i"),
          Known.one("--output", "-o"));

  private static final List<Known> SIGN =
      List.of(
          Known.one("--output", "-o"),
          Known.one("--runtime-policy", "-r"),
          Known.one("--keyfile", "-k"),
          Known.one("--keypath", "-p"),
          Known.one("--backend", "-b"),
          Known.one("--cert-outfile", "-c"));

  @Unmatched private List<String> args = new ArrayList<>();

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    return Forwarded.run(translate(args), command);
  }

  /** Our command line for theirs. */
  static List<String> translate(List<String> args) {
    String verb = args.size() < 2 ? "" : args.get(0) + " " + args.get(1);
    List<String> rest = args.subList(Math.min(2, args.size()), args.size());
    return switch (verb) {
      case "create runtime" -> create(ForeignOptions.parse(CREATE, rest));
      case "create measured-boot" -> createBoot(ForeignOptions.parse(CREATE_BOOT, rest));
      case "sign runtime" -> sign(ForeignOptions.parse(SIGN, rest));
      default ->
          throw CommandException.usage(
              "give create runtime, create measured-boot or sign runtime, and its options");
    };
  }

  private static List<String> create(ForeignOptions given) {
    List<String> ours = new ArrayList<>(List.of("policy", "create"));
    CREATE_VALUES.forEach((theirs, option) -> {
      List<String> values =
          theirs.startsWith("--i") || theirs.startsWith("--add")
              ? given.all(theirs)
              : given.last(theirs).stream().toList();
      values.forEach(value -> ours.addAll(List.of(option, value)));
    });
    String list =
        given.last("--ima-measurement-list").map(l -> l.isEmpty() ? LIST : l).orElse(NO_LIST);
    if (!list.equals(NO_LIST)) {
      ours.addAll(List.of("--ima-list", list));
      if (!given.has("--keyrings")) {
        ours.add("--without-keyrings");
      }
      if (!given.has("--ima-buf")) {
        ours.add("--without-ima-buf");
      }
    }
    if (given.has("--show-legacy-allowlist")) {
      ours.addAll(List.of("--form", "allow_list"));
    }
    return ours;
  }

  private static List<String> createBoot(ForeignOptions given) {
    List<String> ours = new ArrayList<>(List.of("policy", "create", "boot"));
    ours.addAll(List.of("--boot-log", required(given, "--eventlog-file")));
    if (given.has("--without-secureboot")) {
      ours.add("--without-secureboot");
    }
    given.last("--output").ifPresent(file -> ours.addAll(List.of("--to", file)));
    return ours;
  }

  private static List<String> sign(ForeignOptions given) {
    List<String> ours =
        new ArrayList<>(List.of("policy", "sign", required(given, "--runtime-policy")));
    if (given.has("--keyfile") && given.has("--keypath")) {
      throw CommandException.usage("give either --keyfile or --keypath");
    }
    ours.addAll(
        given
            .last("--keyfile")
            .map(file -> List.of("--key", file))
            .orElseGet(() -> List.of("--new-key", given.last("--keypath").orElse(NEW_KEY))));
    given.last("--backend").ifPresent(form -> ours.addAll(List.of("--key-form", form)));
    given.last("--cert-outfile").ifPresent(file -> ours.addAll(List.of("--verifier", file)));
    given.last("--output").ifPresent(file -> ours.addAll(List.of("--to", file)));
    return ours;
  }

  private static String required(ForeignOptions given, String name) {
    return given.last(name).orElseThrow(() -> CommandException.usage(name + " is missing"));
  }
}
