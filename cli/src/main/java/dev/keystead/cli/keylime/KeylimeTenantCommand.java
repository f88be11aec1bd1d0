package dev.keystead.cli.keylime;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.keylime.ForeignOptions.Known;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code keystead keylime-tenant}: keylime_tenant's own options. */
@Command(
    name = "keylime-tenant",
    description = {
      "Takes the command line of Keylime's keylime_tenant, and its tenant.conf, and does what"
          + " keystead node and keystead policy do with it. docs/keylime.md has the table."
    })
public final class KeylimeTenantCommand implements Callable<Integer> {
  private static final String GPG =
      "check the signature of the key with gpgv, and give the key itself";
  private static final String DEFAULT_ID = "d432fbb3-d2f1-4a97-9ef7-75bd81c00000";

  /**
   * Options that only say where the servers are, or how the check is left out that we never make.
   */
  private static final Set<String> EVERYWHERE =
      Set.of("-c", "-r", "-rp", "-v", "-vp", "-u", "-nvc", "-vi");

  static final List<Known> OPTIONS =
      List.of(
          Known.one("-c", "--command"),
          Known.flag("--push-model"),
          Known.one("-t", "--targethost"),
          Known.one("-tp", "--targetport"),
          Known.one("-r", "--registrarhost"),
          Known.one("-rp", "--registrarport"),
          Known.one("--cv_targethost"),
          Known.one("-v", "--cv"),
          Known.one("-vp", "--cvport"),
          Known.one("-vi", "--cvid"),
          Known.flag("-nvc", "--no-verifier-check"),
          Known.one("-u", "--uuid"),
          Known.one("-f", "--file"),
          Known.one("--cert"),
          Known.one("-k", "--key"),
          Known.one("-p", "--payload"),
          Known.one("--include"),
          Known.one("--allowlist"),
          Known.one("--runtime-policy"),
          Known.one("--signature-verification-key", "--sign_verification_key"),
          Known.refused(GPG, "--signature-verification-key-sig"),
          Known.refused(GPG, "--signature-verification-key-sig-key"),
          Known.one("--signature-verification-key-url"),
          Known.refused(GPG, "--signature-verification-key-sig-url"),
          Known.refused(GPG, "--signature-verification-key-sig-url-key"),
          Known.one("--mb-policy", "--mb_refstate"),
          Known.one("--allowlist-url"),
          Known.one("--exclude"),
          Known.one("--runtime-policy-checksum"),
          Known.one("--runtime-policy-sig-key"),
          Known.one("--runtime-policy-url"),
          Known.one("--tpm_policy"),
          Known.flag("--verify"),
          Known.one("--runtime-policy-name", "--allowlist-name"),
          Known.one("--mb-policy-name"),
          Known.one("--agent-api-version", "--supported-version"));

  private static final Set<String> POLICIES =
      Set.of(
          "--allowlist",
          "--allowlist-url",
          "--exclude",
          "--runtime-policy",
          "--runtime-policy-url",
          "--runtime-policy-checksum",
          "--runtime-policy-sig-key",
          "--runtime-policy-name",
          "--mb-policy",
          "--mb-policy-name",
          "--tpm_policy",
          "--signature-verification-key",
          "--signature-verification-key-url");

  private static final Set<String> ENROLMENT =
      union(
          POLICIES,
          Set.of(
              "--push-model",
              "-t",
              "-tp",
              "--cv_targethost",
              "-f",
              "--cert",
              "-k",
              "-p",
              "--include",
              "--verify",
              "--agent-api-version"));

  /** A command of theirs: our verb, whether it names an agent, and what else it takes. */
  private record Verb(List<String> ours, boolean ofAgent, Set<String> options) {}

  private static final Set<String> RUNTIME_NAME = Set.of("--runtime-policy-name");
  private static final Set<String> BOOT_NAME = Set.of("--mb-policy-name");
  private static final Map<String, Verb> VERBS =
      Map.ofEntries(
          Map.entry("add", new Verb(List.of("node", "add"), true, ENROLMENT)),
          Map.entry("update", new Verb(List.of("node", "update"), true, ENROLMENT)),
          Map.entry("delete", new Verb(List.of("node", "delete"), true, Set.of("--push-model"))),
          Map.entry("status", new Verb(List.of("node", "status"), true, Set.of("--push-model"))),
          Map.entry("cvstatus", new Verb(List.of("node", "status"), true, Set.of("--push-model"))),
          Map.entry("regstatus", new Verb(List.of("node", "status"), true, Set.of())),
          Map.entry("reactivate", new Verb(List.of("node", "reactivate"), true, Set.of())),
          Map.entry("regdelete", new Verb(List.of("node", "forget"), true, Set.of())),
          Map.entry("reglist", new Verb(List.of("node", "list", "--registered"), false, Set.of())),
          Map.entry("cvlist", new Verb(List.of("node", "list", "--watched"), false, Set.of())),
          Map.entry(
              "bulkinfo",
              new Verb(List.of("node", "list", "--watched", "--output", "json"), false, Set.of())),
          Map.entry("addruntimepolicy", new Verb(List.of("policy", "add"), false, POLICIES)),
          Map.entry("updateruntimepolicy", new Verb(List.of("policy", "update"), false, POLICIES)),
          Map.entry("showruntimepolicy", new Verb(List.of("policy", "show"), false, RUNTIME_NAME)),
          Map.entry(
              "deleteruntimepolicy", new Verb(List.of("policy", "delete"), false, RUNTIME_NAME)),
          Map.entry("listruntimepolicy", new Verb(List.of("policy", "list"), false, Set.of())),
          Map.entry("addmbpolicy", new Verb(List.of("policy", "add", "--boot"), false, POLICIES)),
          Map.entry(
              "updatembpolicy", new Verb(List.of("policy", "update", "--boot"), false, POLICIES)),
          Map.entry(
              "showmbpolicy", new Verb(List.of("policy", "show", "--boot"), false, BOOT_NAME)),
          Map.entry(
              "deletembpolicy", new Verb(List.of("policy", "delete", "--boot"), false, BOOT_NAME)),
          Map.entry(
              "listmbpolicy", new Verb(List.of("policy", "list", "--boot"), false, Set.of())));

  @Unmatched private List<String> args = new ArrayList<>();

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    return Forwarded.run(translate(args, TenantConf.read(System.getenv())), command);
  }

  /** Our command line for theirs. */
  static List<String> translate(List<String> args, TenantConf conf) throws IOException {
    ForeignOptions given = ForeignOptions.parse(OPTIONS, args);
    String name = given.last("-c").orElse("add");
    Verb verb = VERBS.get(name);
    if (verb == null) {
      throw CommandException.usage(
          "the command %s is not known; there are %s"
              .formatted(name, new TreeSet<>(VERBS.keySet())));
    }
    for (String option : given.names()) {
      if (!EVERYWHERE.contains(option) && !verb.options().contains(option)) {
        throw CommandException.usage("%s does not go with the command %s".formatted(option, name));
      }
    }
    List<String> ours = new ArrayList<>(verb.ours());
    ours.addAll(
        List.of(
            "--registrar",
            conf.server("registrar", given.last("-r"), given.last("-rp"), "8891"),
            "--verifier",
            conf.server("verifier", given.last("-v"), given.last("-vp"), "8881"),
            "--tls-dir",
            conf.tlsFolder()));
    if (verb.ours().contains("policy") && verb.ours().contains("--boot")) {
      named(given, "--mb-policy-name", verb, ours);
    } else if (verb.ours().contains("policy")) {
      named(given, "--runtime-policy-name", verb, ours);
    }
    if (verb.ofAgent()) {
      ours.add(given.last("-u").orElse(DEFAULT_ID));
    }
    if (verb.ours().contains("--watched")) {
      given.last("-vi").ifPresent(id -> ours.addAll(List.of("--verifier-id", id)));
    }
    if (verb.options().equals(ENROLMENT)) {
      EnrolmentOptions.translate(given, conf, ours);
    }
    if (verb.options().equals(ENROLMENT) || verb.options().equals(POLICIES)) {
      PolicyArguments.translate(given, verb.options().equals(ENROLMENT), ours);
    }
    return ours;
  }

  private static void named(ForeignOptions given, String option, Verb verb, List<String> ours) {
    if (verb.ours().contains("list")) {
      return;
    }
    ours.add(given.last(option).orElseThrow(() -> CommandException.usage(option + " is missing")));
  }

  private static Set<String> union(Set<String> a, Set<String> b) {
    Set<String> all = new TreeSet<>(a);
    all.addAll(b);
    return Set.copyOf(all);
  }
}
