package dev.keystead.evidence.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.policy.PolicyChange.Effect;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyDraftTest {
  private static final String ONE = "ab".repeat(32);
  private static final String TWO = "cd".repeat(32);

  private static PolicyDraft draft(String allowList) {
    PolicyDraft draft = new PolicyDraft();
    OlderPolicy.add(allowList.getBytes(UTF_8), draft);
    return draft;
  }

  private static Json.Obj json(PolicyDraft draft) {
    return draft.toJson(Instant.EPOCH);
  }

  @Test
  void equalSourcesGiveEqualPoliciesInAnyOrder() {
    assertThat(json(draft(ONE + " /a\n" + TWO + " /a\n" + ONE + " /b\n")))
        .isEqualTo(json(draft(ONE + " /b\n" + TWO + " /a\n" + ONE + " /a\n" + ONE + " /a\n")));
  }

  @Test
  void allFormsOfAnOlderListMeanTheSame() {
    Json.Obj flat = json(draft(ONE + "  /usr/bin/a b\n" + TWO + " %keyring:.ima\n"));
    Json.Obj older =
        json(
            draft(
                "{\"hashes\":{\"/usr/bin/a_b\":[\""
                    + ONE
                    + "\"]},\"keyrings\":{\".ima\":[\""
                    + TWO
                    + "\"]}}"));

    assertThat(flat).isEqualTo(older);
    assertThat(json(draft(flat.toString()))).isEqualTo(flat);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nodigest /a",
        "abcd /a",
        "{\"digests\":{\"/a\":[\"abcd\"]}}",
        "{\"digests\":{\"/a\":[1]}}",
        "{\"digests\":{},\"digests\":{}}",
        "{\"digests\":{},\"unknown\":1}",
        "{\"digests\":{},\"ima\":{\"dm_policy\":{}}}",
        "{\"payloadType\":\"x\",\"payload\":\"\",\"signatures\":[]}",
        "{}"
      })
  void whatCannotBeCarriedOverIsRefused(String list) {
    assertThatThrownBy(() -> draft(list)).isInstanceOf(EvidenceException.class);
  }

  @Test
  void aPatternThatCannotBeUsedIsRefusedWhenThePolicyIsMade() {
    PolicyDraft draft = draft(ONE + " /a\n");
    draft.exclude("(unclosed");

    assertThatThrownBy(() -> json(draft)).isInstanceOf(EvidenceException.class);
  }

  @Test
  void aNameThatIsNotTextIsRefused() {
    assertThatThrownBy(() -> new PolicyDraft().allowFile("/a\udc80", ONE))
        .isInstanceOf(EvidenceException.class);
  }

  @Test
  void anAllowListIsReadAsItIsWritten() {
    PolicyDraft draft = draft(ONE + " /a\n" + TWO + " /b\n");

    assertThat(draft.toAllowList()).isEqualTo(ONE + "  /a\n" + TWO + "  /b\n");
    assertThat(json(draft(draft.toAllowList()))).isEqualTo(json(draft));
  }

  private static List<PolicyChange> diff(PolicyDraft before, PolicyDraft after) {
    return PolicyDiff.of(json(before), json(after));
  }

  @Test
  void aFileThatAPatternLeavesOutIsNoChangeHoweverItsDigestsChange() {
    PolicyDraft before = draft(ONE + " /tmp/a\n");
    PolicyDraft after = draft(TWO + " /tmp/a\n");
    before.exclude("/tmp/");
    after.exclude("/tmp/");

    assertThat(diff(before, after)).isEmpty();
  }

  @Test
  void aNewPatternAllowsEveryFileThatItLeavesOut() {
    PolicyDraft before = draft(ONE + " /tmp/a\n");
    PolicyDraft after = draft(ONE + " /tmp/a\n");
    after.exclude("/tmp/");

    assertThat(diff(before, after))
        .extracting(PolicyChange::effect)
        .containsExactly(Effect.ALLOWS, Effect.ALLOWS);
    assertThat(diff(after, before))
        .extracting(PolicyChange::effect)
        .containsExactly(Effect.FORBIDS, Effect.FORBIDS);
    assertThat(diff(after, before).getLast().words())
        .isEqualTo("/tmp/a is judged now, and may only have " + ONE);
  }

  @Test
  void whatEachPartOfAPolicyAllowsIsSaid() {
    PolicyDraft before = draft(ONE + " /a\n");
    PolicyDraft after = draft(ONE + " /a\n");
    after.allowKey(".ima", TWO);
    after.allowBuffer("kexec-cmdline", TWO);
    after.ignoreKeyring(".other");
    after.tolerateViolation("/var/log/.*");

    assertThat(diff(before, after))
        .extracting(PolicyChange::words)
        .containsExactlyInAnyOrder(
            "violations of files that match /var/log/.* are tolerated now",
            "keys that are added to keyring .other are no longer judged",
            "a key with digest " + TWO + " may be added to keyring .ima",
            "data kexec-cmdline may be measured with digest " + TWO);
    assertThat(diff(after, before)).extracting(PolicyChange::effect).containsOnly(Effect.FORBIDS);
    assertThat(diff(after, after)).isEmpty();
  }
}
