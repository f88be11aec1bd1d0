package dev.keystead.node.host.setup;

import dev.keystead.tao.TaoException;
import dev.keystead.tao.host.FreshStorage;
import dev.keystead.tao.seal.FreshSealer;
import dev.keystead.tao.seal.NvCounter;
import dev.keystead.tao.seal.RollbackException;
import dev.keystead.tao.seal.Sealer;
import dev.keystead.tao.seal.SealingRoot;
import dev.keystead.tpm.Tpm;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A host's table of versions in its directory, and its counter in the TPM. If the two do not belong
 * together, a warning says so, and the host does everything but seal fresh.
 */
public final class CounterStorage implements FreshStorage, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(CounterStorage.class.getName());

  private final HostFolder folder;
  private final Tpm tpm;
  private @Nullable FreshSealer opened;

  CounterStorage(HostFolder folder, Tpm tpm) {
    this.folder = folder;
    this.tpm = tpm;
  }

  @Override
  public FreshSealer open(SealingRoot root, Sealer sealer) throws TaoException {
    NvCounter counter = NvCounter.at(tpm, folder.counter(), root);
    FreshSealer fresh = new FreshSealer(root, sealer, counter, folder.fresh());
    opened = fresh;
    try {
      fresh.check();
    } catch (RollbackException e) {
      LOG.log(Level.WARNING, "nothing can be sealed fresh: {0}: {1}", e.trouble(), e.getMessage());
    }
    return fresh;
  }

  @Override
  public void close() throws TaoException {
    FreshSealer fresh = opened;
    if (fresh != null) {
      fresh.close();
    }
  }
}
