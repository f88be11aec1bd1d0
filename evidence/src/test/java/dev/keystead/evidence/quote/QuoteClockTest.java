package dev.keystead.evidence.quote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.Refusal;
import dev.keystead.tpm.structure.ClockInfo;
import org.junit.jupiter.api.Test;

class QuoteClockTest {
  private static final ClockInfo BEFORE = new ClockInfo(1025822, 5, 5, true);

  @Test
  void aLaterQuoteOfTheSameBootGoesOn() {
    assertThat(QuoteClock.compare(BEFORE, new ClockInfo(1025823, 5, 5, true)))
        .isEqualTo(QuoteClock.SAME_BOOT);
    assertThat(QuoteClock.compare(BEFORE, new ClockInfo(1025823, 5, 6, true)))
        .isEqualTo(QuoteClock.SAME_BOOT);
  }

  @Test
  void moreResetsAreANewBootWhateverTheClockSays() {
    assertThat(QuoteClock.compare(BEFORE, new ClockInfo(951409, 6, 0, true)))
        .isEqualTo(QuoteClock.NEW_BOOT);
  }

  @Test
  void aReplayedClockIsRefused() {
    refused(new ClockInfo(1025822, 5, 5, true));
    refused(new ClockInfo(1025822, 5, 6, true));
  }

  @Test
  void aClockThatRunsBackwardsIsRefused() {
    refused(new ClockInfo(1025821, 5, 5, true));
  }

  @Test
  void fewerRestartsAreRefused() {
    refused(new ClockInfo(2000000, 5, 4, true));
  }

  @Test
  void fewerResetsAreRefused() {
    refused(new ClockInfo(2000000, 4, 9, true));
  }

  @Test
  void aClockThatIsNotSafeIsRefusedInANewBootToo() {
    refused(new ClockInfo(1025823, 5, 5, false));
    refused(new ClockInfo(951409, 6, 0, false));
    Refusal.of(Code.CLOCK_REFUSED, () -> QuoteClock.requireSafe(new ClockInfo(1, 0, 0, false)));
  }

  @Test
  void aClockBeyondTheSignBitGrows() {
    ClockInfo large = new ClockInfo(Long.MAX_VALUE, 5, 5, true);

    assertThat(QuoteClock.compare(large, new ClockInfo(Long.MIN_VALUE, 5, 5, true)))
        .isEqualTo(QuoteClock.SAME_BOOT);
    Refusal.of(
        Code.CLOCK_REFUSED,
        () -> QuoteClock.compare(new ClockInfo(Long.MIN_VALUE, 5, 5, true), large));
  }

  private static void refused(ClockInfo now) {
    Refusal.of(Code.CLOCK_REFUSED, () -> QuoteClock.compare(BEFORE, now));
  }
}
