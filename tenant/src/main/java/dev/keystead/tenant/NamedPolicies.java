package dev.keystead.tenant;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.verifier.Policies;
import dev.keystead.tenant.TenantException.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** The policies that a verifier keeps under names, as the owner uses them. */
public final class NamedPolicies {
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int MOST_NAMES = 65_536;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,79}");

  private final Correspondent verifier;
  private final VersionedPath path;

  NamedPolicies(Correspondent verifier) {
    this.verifier = verifier;
    this.path = VersionedPath.agree(verifier);
  }

  /** The names, sorted. */
  public List<String> names(PolicyKind kind) {
    return verifier.results(
        verifier.get(path.path(kind.path() + "/")),
        "the names of its policies",
        results ->
            Message.read(
                results,
                fields ->
                    fields.list(kind.list(), MOST_NAMES).stream()
                        .map(NamedPolicies::name)
                        .sorted()
                        .toList()));
  }

  /** Keylime's verifier writes each name as a list of one. */
  private static String name(Field field) {
    Field inner =
        field.value() instanceof Json.Arr items && items.items().size() == 1
            ? new Field(field.path(), items.items().getFirst())
            : field;
    return inner.text(256);
  }

  /** A policy, as it is kept. */
  public Json.Obj show(PolicyKind kind, String name) {
    Correspondent.Reply reply = verifier.get(path(kind, name));
    requireKnown(reply, name);
    String text =
        verifier.results(
            reply,
            "the policy " + name,
            results -> Message.read(results, fields -> fields.text(kind.field())));
    try {
      return Json.parseObject(text.getBytes(StandardCharsets.UTF_8), Limits.POLICY);
    } catch (JsonException e) {
      throw new TenantException(
          Problem.BAD_REPLY,
          "%s keeps under %s what is no policy: %s"
              .formatted(verifier.name(), name, e.getMessage()),
          e);
    }
  }

  /** Keeps a policy under a new name. It is judged usable before it is sent. */
  public void add(PolicyKind kind, String name, PolicySource source) {
    Correspondent.Reply reply = verifier.post(path(kind, name), body(kind, source));
    if (reply.status() == CONFLICT) {
      throw verifier.refused(reply, "the policy " + name, "To replace it, update it instead.");
    }
    verifier.requireSuccess(reply, "the policy " + name);
  }

  /** Replaces a policy that is kept; nodes that it judges are judged anew. */
  public void update(PolicyKind kind, String name, PolicySource source) {
    Correspondent.Reply reply = verifier.put(path(kind, name), body(kind, source));
    requireKnown(reply, name);
    verifier.requireSuccess(reply, "the policy " + name);
  }

  /** Forgets a policy that no node is judged by. */
  public void delete(PolicyKind kind, String name) {
    Correspondent.Reply reply = verifier.delete(path(kind, name));
    requireKnown(reply, name);
    if (reply.status() == CONFLICT) {
      throw verifier.refused(
          reply, "to forget the policy " + name, "Nodes are judged by it; update or delete them.");
    }
    verifier.requireSuccess(reply, "to forget the policy " + name);
  }

  private String path(PolicyKind kind, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new TenantException(
          Problem.BAD_INPUT,
          "the name of a policy is 1 to 80 letters, digits, dots, _ and -, the first no dot");
    }
    return path.path(kind.path() + "/" + name);
  }

  private void requireKnown(Correspondent.Reply reply, String name) {
    if (reply.status() == NOT_FOUND) {
      throw new TenantException(
          Problem.UNKNOWN_AGENT,
          "%s at %s keeps no policy %s".formatted(verifier.name(), verifier.endpoint(), name));
    }
  }

  private static Json.Obj body(PolicyKind kind, PolicySource source) {
    Policies policies = source.read();
    JsonObjectBuilder body = Json.object();
    switch (kind) {
      case RUNTIME ->
          body.put("tpm_policy", policies.tpm().toText())
              .putBytes64(
                  "runtime_policy",
                  policies.runtime().orElseThrow(() -> missing("a runtime policy")))
              .putBytes64(
                  "runtime_policy_key",
                  policies.runtimeKey().orElse("").getBytes(StandardCharsets.ISO_8859_1));
      case BOOT ->
          body.put("mb_policy", policies.boot().orElseThrow(() -> missing("a policy for boots")));
    }
    return body.build();
  }

  private static TenantException missing(String what) {
    return new TenantException(Problem.BAD_INPUT, what + " is missing: give its file");
  }
}
