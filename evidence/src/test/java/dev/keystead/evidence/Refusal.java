package dev.keystead.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts why something is refused. */
public final class Refusal {
  private Refusal() {}

  /** Requires that {@code action} is refused with this code and gives the finding. */
  public static Finding of(Finding.Code code, ThrowingCallable action) {
    EvidenceException refusal = catchThrowableOfType(EvidenceException.class, action);
    assertThat(refusal).as("refused").isNotNull();
    assertThat(refusal.finding().code()).as(refusal.getMessage()).isEqualTo(code);
    return refusal.finding();
  }
}
