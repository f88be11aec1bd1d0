package dev.keystead.tao.host;

import dev.keystead.tao.TaoException;
import dev.keystead.tao.seal.FreshSealer;
import dev.keystead.tao.seal.Sealer;
import dev.keystead.tao.seal.SealingRoot;

/** Where a host keeps its table of versions, and the counter that guards it. */
public interface FreshStorage {
  /**
   * Opens both for one host, and makes them when the host is new. Whoever gives this to a host
   * closes what it has opened.
   */
  FreshSealer open(SealingRoot root, Sealer sealer) throws TaoException;
}
