package dev.keystead.evidence.policy;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.ima.ImaKey;
import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Reads what Keylime had before runtime policies of version 1, and those themselves: flat allow
 * lists ({@code digest name} in a line), JSON allow lists with {@code hashes}, JSON policies with
 * members missing, and exclude lists. Nothing is passed over silently: what cannot be carried over
 * is refused.
 */
public final class OlderPolicy {
  private static final int MOST_ITEMS = 1_000_000;
  private static final int MOST_DIGESTS = 1_000;
  private static final String KEYRING = "%keyring:";

  private OlderPolicy() {}

  /**
   * Adds an allow list or policy of any of these forms, told apart by its first character.
   *
   * @throws EvidenceException with POLICY_UNUSABLE
   */
  public static void add(byte[] content, PolicyDraft draft) {
    String text = text(content, "the allow list");
    if (text.stripLeading().startsWith("{")) {
      addJson(content, draft);
    } else {
      addFlat(text, draft);
    }
  }

  /**
   * Adds a JSON policy or allow list; members that are missing are taken as empty.
   *
   * @throws EvidenceException with POLICY_UNUSABLE
   */
  public static void addJson(byte[] content, PolicyDraft draft) {
    try {
      addJson(Json.parseObject(content, Limits.POLICY).fields(""), draft);
    } catch (JsonException e) {
      throw RuntimePolicy.unusable(e.getMessage());
    }
  }

  private static void addJson(Fields policy, PolicyDraft draft) {
    if (policy.has("payloadType")) {
      throw new JsonException("it is a signed envelope: verify it first, and give what it holds");
    }
    if (!policy.has("digests") && !policy.has("hashes")) {
      throw new JsonException("it has neither digests nor hashes");
    }
    policy.optional("meta");
    policy.optionalInteger("release", 0, Integer.MAX_VALUE).ifPresent(draft::release);
    policy.optional("hashes").ifPresent(hashes -> table(hashes, draft::allowFile));
    policy.optional("digests").ifPresent(digests -> table(digests, draft::allowFile));
    policy.optional("keyrings").ifPresent(keyrings -> table(keyrings, draft::allowKey));
    policy.optional("ima-buf").ifPresent(buffers -> table(buffers, draft::allowBuffer));
    texts(policy.optionalList("excludes", MOST_ITEMS), draft::exclude);
    policy.optional("verification-keys").ifPresent(keys -> keys(keys, draft));
    policy.optional("ima").ifPresent(ima -> ima(ima.fields(), draft));
    policy.done();
  }

  private static void ima(Fields ima, PolicyDraft draft) {
    texts(ima.optionalList("ignored_keyrings", MOST_ITEMS), draft::ignoreKeyring);
    texts(ima.optionalList("tolerated_violations", MOST_ITEMS), draft::tolerateViolation);
    ima.optional("log_hash_alg")
        .ifPresent(field ->
            draft.templateHash(
                HashAlg.named(field.text())
                    .orElseThrow(() -> field.fault("expected a hash algorithm"))));
    if (ima.optional("dm_policy").isPresent()) {
      throw new JsonException("ima.dm_policy: only null is supported");
    }
    ima.done();
  }

  private static void keys(Field field, PolicyDraft draft) {
    for (ImaKey key : RuntimePolicyReader.keys(field).keys()) {
      draft.trust(key);
    }
  }

  private static void texts(List<Field> fields, Consumer<String> add) {
    fields.forEach(field -> add.accept(field.text()));
  }

  private static void table(Field field, BiConsumer<String, String> add) {
    Fields names = field.fields();
    for (String name : names.names()) {
      Field value = names.field(name);
      List<Field> items =
          value.value() instanceof Json.Str ? List.of(value) : value.list(MOST_DIGESTS);
      items.forEach(item -> add.accept(name, item.text(128).toLowerCase(Locale.ROOT)));
    }
  }

  /** IMA writes a space in a name as an underscore, so the policy does, too. */
  private static void addFlat(String text, PolicyDraft draft) {
    int number = 0;
    for (String raw : text.lines().toList()) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split("\\s+", 2);
      String digest = parts[0].toLowerCase(Locale.ROOT);
      if (parts.length < 2 || PolicyDraft.algorithm(digest).isEmpty()) {
        throw RuntimePolicy.unusable(
            "line %d of the allow list is not a digest in hex, a space and a name: %s"
                .formatted(number, PolicyDraft.clip(line)));
      }
      String name = parts[1].replace(' ', '_');
      if (name.startsWith(KEYRING)) {
        draft.allowKey(name.substring(KEYRING.length()), digest);
      } else {
        draft.allowFile(name, digest);
      }
    }
  }

  /**
   * Adds an exclude list: a pattern in a line; empty lines and those that begin with {@code #} say
   * nothing.
   *
   * @throws EvidenceException with POLICY_UNUSABLE when it is not text
   */
  public static void addExcludes(byte[] content, PolicyDraft draft) {
    text(content, "the exclude list")
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .forEach(draft::exclude);
  }

  private static String text(byte[] content, String what) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw RuntimePolicy.unusable(what + " is not text in UTF-8");
    }
  }
}
