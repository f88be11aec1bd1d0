package dev.keystead.tao.seal;

import dev.keystead.tao.seal.RollbackException.Trouble;
import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Loaded;
import dev.keystead.tpm.ResponseCode;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.Session;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmResponseException;
import dev.keystead.tpm.command.Nv;
import dev.keystead.tpm.command.ReadClock;
import dev.keystead.tpm.session.SessionSpec;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.NvPublic;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * An NV counter of a TPM (Part 1, 37.2.4). Its authorization value is derived from the sealing root
 * and never leaves in clear, so nobody but the host increments it, and an answer of the TPM that
 * does not prove the value is refused. It is not orderly: each increment is kept before the TPM
 * answers, and none is skipped after a power cut. The owner of the TPM can remove it, which is
 * seen; a new one begins above every value that any counter of this TPM has had.
 */
public final class NvCounter implements Counter {
  /** Where the counter is, unless the operator says otherwise: an index of the owner's. */
  public static final int DEFAULT_INDEX = 0x01804b53;

  private static final int SIZE = 8;
  private static final int CANDIDATES = 16;

  private final Tpm tpm;
  private final int index;
  private final Secret auth;

  private NvCounter(Tpm tpm, int index, SealingRoot root) {
    this.tpm = tpm;
    this.index = index;
    byte[] value = root.derive("keystead/nv-counter/1");
    this.auth = Secret.of(value);
    Arrays.fill(value, (byte) 0);
  }

  /** The counter that {@link #define} has made at this index. */
  public static NvCounter at(Tpm tpm, int index, SealingRoot root) {
    return new NvCounter(tpm, index, root);
  }

  /**
   * Makes the counter, or finishes making it after a power cut, and proves that it counts for this
   * host.
   *
   * @param owner the authorization of the TPM's owner hierarchy
   * @param storage a storage key of this TPM, to which the authorization value is encrypted
   * @throws RollbackException COUNTER_FOREIGN when something else has the index
   */
  public static NvCounter define(
      Tpm tpm, int index, SealingRoot root, Authorized owner, Loaded storage)
      throws RollbackException {
    NvCounter counter = new NvCounter(tpm, index, root);
    try {
      if (counter.area().isEmpty()) {
        try (Session session = SessionSpec.hmac().salted(storage).encrypting().open(tpm)) {
          tpm.execute(new Nv.Define(owner, counter.auth, template(index)), session);
        }
      }
      if (!counter.existing().has(NvPublic.WRITTEN)) {
        counter.increment();
      }
    } catch (TpmException e) {
      throw trouble(e);
    }
    counter.read();
    return counter;
  }

  /**
   * An index from {@link #DEFAULT_INDEX} on that nothing has.
   *
   * @throws RollbackException UNREACHABLE when the next {@value #CANDIDATES} are taken
   */
  public static int free(Tpm tpm) throws RollbackException {
    try {
      for (int index = DEFAULT_INDEX; index < DEFAULT_INDEX + CANDIDATES; index++) {
        if (area(tpm, index).isEmpty()) {
          return index;
        }
      }
    } catch (TpmException e) {
      throw trouble(e);
    }
    throw new RollbackException(Trouble.UNREACHABLE, "the TPM has no index for a counter");
  }

  private static NvPublic template(int index) {
    int attributes = NvPublic.BY_OWN_AUTH | NvPublic.COUNTER;
    return new NvPublic(index, HashAlg.SHA256, attributes, new byte[0], SIZE);
  }

  @Override
  public Reading read() throws RollbackException {
    try (Session session = SessionSpec.hmac().open(tpm)) {
      Handle handle = handle();
      byte[] value = tpm.execute(new Nv.Read(handle.with(session, auth), handle, SIZE, 0));
      var clock = tpm.execute(new ReadClock()).clock();
      return new Reading(ByteBuffer.wrap(value).getLong(), clock.resetCount(), clock.clock());
    } catch (TpmException e) {
      throw trouble(e);
    } catch (IllegalArgumentException e) {
      throw new RollbackException(Trouble.COUNTER_EXHAUSTED, "the counter is out of range", e);
    }
  }

  @Override
  public void increment() throws RollbackException {
    try (Session session = SessionSpec.hmac().open(tpm)) {
      Handle handle = handle();
      tpm.execute(new Nv.Increment(handle.with(session, auth), handle));
    } catch (TpmException e) {
      throw trouble(e);
    }
  }

  private Handle handle() throws TpmException, RollbackException {
    return new Handle(index, existing().name());
  }

  private NvPublic existing() throws TpmException, RollbackException {
    NvPublic area =
        area()
            .orElseThrow(() ->
                new RollbackException(
                    Trouble.COUNTER_MISSING, "there is no counter at " + Handle.unnamed(index)));
    NvPublic wanted = template(index);
    if ((area.attributes() & ~NvPublic.WRITTEN) != wanted.attributes()
        || area.nameAlg() != wanted.nameAlg()
        || area.authPolicy().length > 0) {
      throw new RollbackException(
          Trouble.COUNTER_FOREIGN, "the index " + Handle.unnamed(index) + " is not our counter");
    }
    return area;
  }

  private Optional<NvPublic> area() throws TpmException {
    return area(tpm, index);
  }

  private static Optional<NvPublic> area(Tpm tpm, int index) throws TpmException {
    try {
      return Optional.of(tpm.execute(new Nv.ReadPublic(index)));
    } catch (TpmResponseException e) {
      if (e.code().is(ResponseCode.HANDLE)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static RollbackException trouble(TpmException e) {
    Trouble trouble = Trouble.UNREACHABLE;
    if (e instanceof TpmResponseException refusal) {
      ResponseCode code = refusal.code();
      if (code.is(ResponseCode.BAD_AUTH) || code.is(ResponseCode.AUTH_FAIL)) {
        trouble = Trouble.COUNTER_FOREIGN;
      } else if (code.is(ResponseCode.HANDLE) || code.is(ResponseCode.NV_UNINITIALIZED)) {
        trouble = Trouble.COUNTER_MISSING;
      }
    }
    return new RollbackException(trouble, "the counter: " + e.getMessage(), e);
  }
}
