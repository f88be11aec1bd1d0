package dev.keystead.tpm;

import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmPublic;

/** An object that is loaded into a TPM until it is closed. */
public final class TpmObject implements AutoCloseable {
  private final Tpm tpm;
  private final Loaded loaded;

  TpmObject(Tpm tpm, Loaded loaded) {
    this.tpm = tpm;
    this.loaded = loaded;
  }

  /** Its handle. */
  public Handle handle() {
    return loaded.handle();
  }

  /** Its public area. */
  public TpmPublic area() {
    return loaded.area();
  }

  /** Its Name. */
  public TpmName name() {
    return loaded.handle().name();
  }

  /** Handle and public area. */
  public Loaded loaded() {
    return loaded;
  }

  /** Flushes it. */
  @Override
  public void close() throws TpmException {
    tpm.flush(loaded.handle());
  }
}
