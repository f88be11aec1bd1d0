package dev.keystead.tao.upgrade;

import dev.keystead.claims.Segment;
import dev.keystead.claims.TaoName;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.SealPolicy.UpgradeSet;
import dev.keystead.tao.seal.Release;
import dev.keystead.tao.upgrade.HandOverException.Reason;
import java.util.List;

/** Which program may be at the other end of a hand-over. */
public sealed interface Peer {
  /** The program with this measurement. */
  record Program(Measurement measurement) implements Peer {}

  /**
   * A version of a product: one that a release speaks of.
   *
   * @param releases what publishers have said about programs, verified
   * @param set whose product, and its lowest version
   */
  record Version(UpgradeSet set, List<Release> releases) implements Peer {
    /** Copies the list. */
    public Version {
      releases = List.copyOf(releases);
    }
  }

  /** Requires that the program with this name may be at the other end. */
  default void require(TaoName name) throws HandOverException {
    Segment program = name.last();
    if (!program.kind().equals(TaoName.PROGRAM) || !allows(Measurement.of(program.digest()))) {
      throw new HandOverException(Reason.WRONG_PROGRAM, name + " is not whom we hand over with");
    }
  }

  private boolean allows(Measurement program) {
    return switch (this) {
      case Program(Measurement measurement) -> measurement.equals(program);
      case Version(UpgradeSet set, List<Release> releases) ->
          releases.stream().anyMatch(r -> r.measurement().equals(program) && r.isIn(set));
    };
  }
}
