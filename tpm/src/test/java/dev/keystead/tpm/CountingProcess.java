package dev.keystead.tpm;

import dev.keystead.tpm.command.Nv;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.NvPublic;
import dev.keystead.tpm.transport.TpmAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A process that counts in NV for ever and says each number that the TPM has confirmed. */
final class CountingProcess {
  static final int COUNTER = 0x01800300;

  private CountingProcess() {}

  /** The argument is the TPM's directory. */
  public static void main(String[] arguments) throws Exception {
    Authorized owner = Handle.OWNER.withEmptyAuth();
    try (Tpm tpm = new TpmAddress.Embedded(Path.of(arguments[0])).open()) {
      NvPublic area =
          new NvPublic(
              COUNTER, HashAlg.SHA256, NvPublic.ORDINARY | NvPublic.COUNTER, new byte[0], 8);
      tpm.execute(new Nv.Define(owner, Secret.empty(), area));
      while (true) {
        tpm.execute(new Nv.Increment(owner, index(tpm)));
        System.out.println(value(tpm));
        System.out.flush();
      }
    }
  }

  static Handle index(Tpm tpm) throws TpmException {
    return new Handle(COUNTER, tpm.execute(new Nv.ReadPublic(COUNTER)).name());
  }

  static long value(Tpm tpm) throws TpmException {
    return ByteBuffer.wrap(tpm.execute(new Nv.Read(Handle.OWNER.withEmptyAuth(), index(tpm), 8, 0)))
        .getLong();
  }
}
