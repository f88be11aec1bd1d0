package dev.keystead.tao.seal;

import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealPolicy.AnyApproved;
import dev.keystead.tao.SealPolicy.ThisMeasurement;
import dev.keystead.tao.SealPolicy.UpgradeSet;
import java.time.Instant;

/** Whether a program is among those that a policy names. */
final class Membership {
  private Membership() {}

  /**
   * A program may seal for a set only as its member. Otherwise any program could make a blob that
   * another one takes for its own.
   */
  static boolean maySeal(Caller caller, SealPolicy policy, Instant now) {
    return switch (policy) {
      case ThisMeasurement _ -> true;
      case UpgradeSet set -> isRelease(caller, set);
      case AnyApproved _ -> isApproved(caller, now);
    };
  }

  /** Whether the caller may open what was sealed under this header. */
  static boolean mayUnseal(Caller caller, BlobHeader header, Instant now) {
    boolean same = header.sealedBy().equals(caller.measurement());
    return switch (header.policy()) {
      case ThisMeasurement _ -> same;
      case UpgradeSet set -> same || isRelease(caller, set);
      case AnyApproved _ -> isApproved(caller, now);
    };
  }

  private static boolean isRelease(Caller caller, UpgradeSet set) {
    return caller.credentials().stream()
        .anyMatch(c -> c instanceof Release release && release.isIn(set));
  }

  private static boolean isApproved(Caller caller, Instant now) {
    return caller.credentials().stream()
        .anyMatch(c -> c instanceof Approval approval && approval.holdsAt(now));
  }
}
