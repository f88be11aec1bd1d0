package dev.keystead.cli.tao;

import dev.keystead.cli.ExitCode;
import dev.keystead.tao.SealedBlob;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keystead tao unseal}. */
@Command(name = "unseal", description = "Decrypt what seal encrypted.")
final class TaoUnsealCommand implements Callable<Integer> {
  @Mixin private TaoCommand.HostOption host;
  @Mixin private Streams.In in;
  @Mixin private Streams.Out out;

  @Override
  public Integer call() {
    byte[] blob = in.read(SealedBlob.MAX_SIZE, "the sealed blob");
    byte[] data = host.ask(tao -> tao.unseal(new SealedBlob(blob)));
    try {
      out.write(data);
    } finally {
      Arrays.fill(data, (byte) 0);
    }
    return ExitCode.TRUSTED;
  }
}
