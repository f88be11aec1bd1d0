package dev.keystead.cli.tao;

import dev.keystead.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keystead tao entropy}. */
@Command(name = "entropy", description = "Random bytes from the host.")
final class TaoEntropyCommand implements Callable<Integer> {
  @Mixin private TaoCommand.HostOption host;
  @Mixin private Streams.Out out;

  @Parameters(paramLabel = "BITS", description = "How many bits, 0 to 65536.")
  private int bits;

  @Override
  public Integer call() {
    out.write(host.ask(tao -> tao.getEntropy(bits)));
    return ExitCode.TRUSTED;
  }
}
