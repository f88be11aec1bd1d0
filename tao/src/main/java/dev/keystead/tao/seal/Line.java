package dev.keystead.tao.seal;

/**
 * One line of fresh blobs and which of its versions are good: the one that was chosen last, and
 * those sealed after the barrier, of which one may still be chosen.
 *
 * @param scope who may have it, 32 bytes
 * @param label which of theirs it is, 32 bytes
 * @param id 16 random bytes that all its blobs carry
 * @param chosen the version that is good for certain; 0 before there is one
 * @param barrier no version up to here but the chosen one is good any more
 * @param last the version that was given out last
 */
record Line(byte[] scope, byte[] label, byte[] id, long chosen, long barrier, long last) {
  Line {
    if (chosen < 0 || barrier < chosen || last < barrier) {
      throw new IllegalArgumentException("no line of versions");
    }
  }

  /** With one more version, which may be chosen. */
  Line next() {
    return new Line(scope, label, id, chosen, barrier, Math.addExact(last, 1));
  }

  /** Whether this version is good. */
  boolean accepts(long version) {
    return version == chosen || (version > barrier && version <= last);
  }

  /** Whether this version and no other is good. */
  boolean isSettledOn(long version) {
    return version == chosen && barrier == last;
  }

  /** This version is on disk: no earlier one is good any more. */
  Line confirm(long version) {
    return version == chosen ? this : new Line(scope, label, id, version, version, last);
  }

  /** A program goes on from this version: no other is good any more. */
  Line settleOn(long version) {
    return new Line(scope, label, id, version, last, last);
  }
}
