package dev.keystead.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class TargetFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void aTargetIsRefusedOrHasOnlySafeSegments(FuzzedDataProvider data) {
    String raw = data.consumeRemainingAsAsciiString();
    Target target;
    try {
      target = Target.parse(raw);
    } catch (HttpRefusal refusal) {
      assertThat(refusal.status()).isIn(400, 414);
      return;
    }
    assertThat(target.segments())
        .hasSizeLessThanOrEqualTo(Target.MAX_PARTS)
        .allSatisfy(segment ->
            assertThat(segment)
                .isNotEmpty()
                .isNotIn(".", "..")
                .doesNotContain("/", "\\")
                .matches(text -> text.chars().noneMatch(Character::isISOControl)));
    assertThat(target.query()).hasSizeLessThanOrEqualTo(Target.MAX_PARTS);
  }
}
