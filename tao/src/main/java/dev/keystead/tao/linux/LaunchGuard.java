package dev.keystead.tao.linux;

import dev.keystead.tao.Measurement;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import java.util.Set;

/** Says which programs may run on a host. */
@FunctionalInterface
public interface LaunchGuard {
  /**
   * Decides before the program runs.
   *
   * @throws TaoException NOT_PERMITTED when it may not run
   */
  void require(Owner owner, Measurement program) throws TaoException;

  /** Administrators may start any program, programs none. */
  static LaunchGuard administrators() {
    return (owner, _) -> {
      if (!(owner instanceof Owner.Administrator)) {
        throw new TaoException(Reason.NOT_PERMITTED, "programs may not start others here");
      }
    };
  }

  /** Anybody may start these programs, and no others. */
  static LaunchGuard only(Set<Measurement> approved) {
    Set<Measurement> all = Set.copyOf(approved);
    return (_, program) -> {
      if (!all.contains(program)) {
        throw new TaoException(
            Reason.NOT_PERMITTED, "the program %s is not approved".formatted(program));
      }
    };
  }
}
