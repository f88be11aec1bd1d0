package dev.keystead.tpm;

import dev.keystead.tpm.structure.TpmFormatException;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmPublic;

/**
 * An object in the TPM: where it is and what it is. The handle's Name is the one computed here over
 * the public area, never one that was only told.
 */
public record Loaded(Handle handle, TpmPublic area) {
  /** Requires that the handle's Name is the public area's. */
  public Loaded {
    if (!handle.name().equals(area.name())) {
      throw new TpmFormatException("the Name " + handle.name() + " is not the public area's");
    }
  }

  /** Requires that the Name which the TPM reports is the public area's. */
  public static Loaded of(int handle, TpmPublic area, byte[] reportedName) {
    return new Loaded(new Handle(handle, TpmName.of(reportedName)), area);
  }
}
