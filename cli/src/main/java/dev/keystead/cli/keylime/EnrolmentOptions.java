package dev.keystead.cli.keylime;

import java.util.List;
import java.util.Map;

/** What keylime_tenant's add and update are told of an agent and its payload. */
final class EnrolmentOptions {
  private static final String AUTHORITY = "/var/lib/keylime/ca";

  /** Theirs, then ours; all have a value. */
  private static final Map<String, String> VALUES =
      Map.of(
          "-t", "--host",
          "-tp", "--port",
          "--cv_targethost", "--verifier-reaches",
          "-f", "--payload",
          "-k", "--key-file",
          "-p", "--encrypted-payload",
          "--include", "--include",
          "--agent-api-version", "--api-version");

  private EnrolmentOptions() {}

  static void translate(ForeignOptions given, TenantConf conf, List<String> ours) {
    VALUES.forEach((theirs, option) ->
        given.last(theirs).ifPresent(value -> ours.addAll(List.of(option, value))));
    given
        .last("--cert")
        .map(folder -> folder.equals("default") ? AUTHORITY : folder)
        .ifPresent(folder -> ours.addAll(List.of("--cert", folder)));
    if (given.has("--push-model")) {
      ours.add("--push");
    }
    if (!given.has("--verify")) {
      ours.addAll(List.of("--wait", "0"));
    }
    conf.value("ek_check_script").ifPresent(file -> ours.addAll(List.of("--ek-check", file)));
    conf.makers().ifPresent(folder -> ours.addAll(List.of("--ek-roots", folder)));
    if (conf.makers().isEmpty() && conf.value("ek_check_script").isEmpty()) {
      ours.add("--unendorsed");
    }
  }
}
