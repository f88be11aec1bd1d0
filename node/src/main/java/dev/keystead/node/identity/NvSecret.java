package dev.keystead.node.identity;

import dev.keystead.node.AgentException;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.ResponseCode;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.Session;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmResponseException;
import dev.keystead.tpm.command.Nv;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.NvPublic;
import java.util.Optional;

/**
 * A few bytes in the TPM's own storage, which outlive a reboot and never leave the machine with its
 * disk. They are read and written with an authorization value of their own and by nobody else, and
 * cross the bus encrypted to the endorsement key.
 */
public final class NvSecret {
  private final QuoteSource tpm;
  private final TpmIdentity identity;
  private final int index;
  private final Secret owner;

  /**
   * Bytes at this index.
   *
   * @param owner the authorization value of the TPM's owner hierarchy
   */
  public NvSecret(QuoteSource tpm, TpmIdentity identity, int index, Secret owner) {
    this.tpm = tpm;
    this.identity = identity;
    this.index = index;
    this.owner = owner;
  }

  /**
   * Writes it, in place of what was there of ours.
   *
   * @param auth under which alone it can be read
   * @throws AgentException when the index is somebody else's
   */
  public void write(byte[] value, Secret auth) throws TpmException {
    NvPublic area =
        new NvPublic(index, HashAlg.SHA256, NvPublic.BY_OWN_AUTH, new byte[0], value.length);
    tpm.exclusively(device -> {
      Optional<NvPublic> before = area(device);
      if (before.isPresent()) {
        requireOurs(before.get());
        device.execute(
            new Nv.Undefine(
                Handle.OWNER.withPassword(owner), new Handle(index, before.get().name())));
      }
      Handle handle = new Handle(index, area.name());
      try (EndorsementKey ek = identity.endorsement();
          Session defining = ek.encryptedSession();
          Session writing = ek.encryptedSession()) {
        device.execute(new Nv.Define(Handle.OWNER.withPassword(owner), auth, area), defining);
        device.execute(new Nv.Write(handle.with(writing, auth), handle, value, 0));
      }
      return value.length;
    });
  }

  /** Reads it; empty when there is nothing of ours, or it is under another value. */
  public Optional<byte[]> read(Secret auth) throws TpmException {
    return tpm.exclusively(device -> {
      Optional<NvPublic> area = area(device).filter(this::isOurs);
      if (area.isEmpty() || !area.get().has(NvPublic.WRITTEN)) {
        return Optional.empty();
      }
      try (EndorsementKey ek = identity.endorsement();
          Session session = ek.encryptedSession()) {
        Handle handle = new Handle(index, area.get().name());
        return Optional.of(
            device.execute(new Nv.Read(handle.with(session, auth), handle, area.get().size(), 0)));
      } catch (TpmResponseException e) {
        if (e.code().is(ResponseCode.BAD_AUTH) || e.code().is(ResponseCode.AUTH_FAIL)) {
          return Optional.empty();
        }
        throw e;
      }
    });
  }

  private Optional<NvPublic> area(Tpm device) throws TpmException {
    try {
      return Optional.of(device.execute(new Nv.ReadPublic(index)));
    } catch (TpmResponseException e) {
      if (e.code().is(ResponseCode.HANDLE)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private boolean isOurs(NvPublic area) {
    return (area.attributes() & ~NvPublic.WRITTEN) == NvPublic.BY_OWN_AUTH
        && area.authPolicy().length == 0
        && area.size() <= 64;
  }

  private void requireOurs(NvPublic area) {
    if (!isOurs(area)) {
      throw new AgentException("NV index 0x%08x is somebody else's".formatted(index));
    }
  }
}
