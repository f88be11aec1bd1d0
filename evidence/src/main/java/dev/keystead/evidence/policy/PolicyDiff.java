package dev.keystead.evidence.policy;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.ima.ImaKey;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.policy.PolicyChange.Effect;
import dev.keystead.tpm.structure.HashAlg;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Says in words what a runtime policy allows and forbids that another does not. */
public final class PolicyDiff {
  private final Json.Obj before;
  private final Json.Obj after;
  private final RuntimePolicy old;
  private final RuntimePolicy fresh;
  private final List<PolicyChange> changes = new ArrayList<>();

  private PolicyDiff(Json.Obj before, Json.Obj after) {
    this.before = before;
    this.after = after;
    this.old = RuntimePolicy.of(before);
    this.fresh = RuntimePolicy.of(after);
  }

  /**
   * All changes of meaning: patterns and keys first, as they concern many files, then files by
   * name. Empty when both allow the same, whatever they look like.
   *
   * @throws EvidenceException with POLICY_UNUSABLE when one is no runtime policy
   */
  public static List<PolicyChange> of(Json.Obj before, Json.Obj after) {
    return new PolicyDiff(before, after).changes();
  }

  private List<PolicyChange> changes() {
    if (old.templateHash() != fresh.templateHash()) {
      changes.add(
          new PolicyChange(
              Effect.CHANGES,
              "lists must have template hashes of %s instead of %s"
                  .formatted(fresh.templateHash().label(), old.templateHash().label())));
    }
    sets(
        texts(before, "excludes"),
        texts(after, "excludes"),
        "files whose name begins with a match of %s are no longer judged",
        "files whose name begins with a match of %s are judged again");
    sets(
        texts(ima(before), "tolerated_violations"),
        texts(ima(after), "tolerated_violations"),
        "violations of files that match %s are tolerated now",
        "violations of files that match %s count again");
    sets(
        texts(ima(before), "ignored_keyrings"),
        texts(ima(after), "ignored_keyrings"),
        "keys that are added to keyring %s are no longer judged",
        "keys that are added to keyring %s are judged again");
    sets(
        keys(old),
        keys(fresh),
        "files signed by key %s are allowed whatever they hold",
        "the signature of key %s allows nothing any more");
    tables("keyrings", "a key with digest %2$s may be added to keyring %1$s");
    tables("ima-buf", "data %1$s may be measured with digest %2$s");
    files();
    return List.copyOf(changes);
  }

  private static Json.Obj ima(Json.Obj policy) {
    return policy.fields("").field("ima").object();
  }

  private static Set<String> texts(Json.Obj object, String name) {
    return object.fields("").optionalList(name, Integer.MAX_VALUE).stream()
        .map(field -> field.text())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> keys(RuntimePolicy policy) {
    return policy.verificationKeys().keys().stream()
        .map(PolicyDiff::words)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String words(ImaKey key) {
    byte[] hash = HashAlg.SHA256.hash(key.key().getEncoded());
    return "%08x (%s, SHA-256 %s)"
        .formatted(key.id(), key.key().getAlgorithm(), HexFormat.of().formatHex(hash));
  }

  private static Map<String, Set<String>> table(Json.Obj policy, String name) {
    Map<String, Set<String>> table = new TreeMap<>();
    policy
        .fields("")
        .field(name)
        .object()
        .members()
        .forEach((key, list) ->
            table.put(
                key,
                ((Json.Arr) list)
                    .items().stream()
                        .map(item -> ((Json.Str) item).value())
                        .collect(Collectors.toCollection(LinkedHashSet::new))));
    return table;
  }

  private void sets(Set<String> was, Set<String> is, String more, String less) {
    minus(is, was).forEach(item -> add(Effect.ALLOWS, more.formatted(quoted(item))));
    minus(was, is).forEach(item -> add(Effect.FORBIDS, less.formatted(quoted(item))));
  }

  private void tables(String name, String words) {
    Map<String, Set<String>> was = table(before, name);
    Map<String, Set<String>> is = table(after, name);
    for (String key : union(was, is)) {
      Set<String> old = was.getOrDefault(key, Set.of());
      Set<String> now = is.getOrDefault(key, Set.of());
      minus(now, old).forEach(digest -> add(Effect.ALLOWS, words.formatted(quoted(key), digest)));
      minus(old, now)
          .forEach(digest ->
              add(
                  Effect.FORBIDS,
                  words.replace(" may ", " may no longer ").formatted(quoted(key), digest)));
    }
  }

  private void files() {
    Map<String, Set<String>> was = table(before, "digests");
    Map<String, Set<String>> is = table(after, "digests");
    for (String name : union(was, is)) {
      Set<String> then = was.getOrDefault(name, Set.of());
      Set<String> now = is.getOrDefault(name, Set.of());
      boolean wasExcluded = old.excludes(name);
      boolean isExcluded = fresh.excludes(name);
      if (isExcluded && !wasExcluded) {
        add(
            Effect.ALLOWS,
            "%s may have any content, as a pattern leaves it out".formatted(quoted(name)));
      } else if (wasExcluded && !isExcluded) {
        add(
            Effect.FORBIDS,
            now.isEmpty()
                ? quoted(name) + " is judged now, and not allowed"
                : "%s is judged now, and may only have %s"
                    .formatted(quoted(name), String.join(" or ", now)));
      } else if (!isExcluded) {
        digests(name, then, now);
      }
    }
  }

  private void digests(String name, Set<String> then, Set<String> now) {
    if (now.isEmpty()) {
      add(Effect.FORBIDS, quoted(name) + " is no longer allowed");
      return;
    }
    String allowed = then.isEmpty() ? "%s is allowed with %s" : "%s may also have %s";
    minus(now, then).forEach(digest -> add(Effect.ALLOWS, allowed.formatted(quoted(name), digest)));
    minus(then, now)
        .forEach(digest ->
            add(Effect.FORBIDS, "%s may no longer have %s".formatted(quoted(name), digest)));
  }

  private void add(Effect effect, String words) {
    changes.add(new PolicyChange(effect, words));
  }

  private static String quoted(String name) {
    return name.isEmpty() || name.contains(" ") ? "\"" + name + "\"" : name;
  }

  private static Set<String> union(Map<String, Set<String>> a, Map<String, Set<String>> b) {
    Set<String> names = new TreeSet<>(a.keySet());
    names.addAll(b.keySet());
    return names;
  }

  private static Set<String> minus(Set<String> from, Set<String> what) {
    Set<String> left = new LinkedHashSet<>(from);
    left.removeAll(what);
    return left;
  }
}
