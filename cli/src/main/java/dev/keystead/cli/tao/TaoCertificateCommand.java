package dev.keystead.cli.tao;

import dev.keystead.cli.ExitCode;
import dev.keystead.tao.Tao;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keystead tao certificate}. */
@Command(name = "certificate", description = "Why the key that this host attests with is believed.")
final class TaoCertificateCommand implements Callable<Integer> {
  @Mixin private TaoCommand.HostOption host;
  @Mixin private Streams.Out out;

  @Override
  public Integer call() {
    out.write(host.ask(Tao::getAttestCertificate).bytes());
    return ExitCode.TRUSTED;
  }
}
