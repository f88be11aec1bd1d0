package dev.keystead.cli.host;

import dev.keystead.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keystead logs}. */
@Command(name = "logs", description = "The last 64 KiB that a program wrote, byte for byte.")
public final class LogsCommand implements Callable<Integer> {
  @Mixin private HostSocket host;

  @Parameters(paramLabel = "HANDLE", description = "Its handle, or as much of it as is unique.")
  private String handle;

  @Override
  public Integer call() {
    byte[] output = host.ask(h -> h.output(HostSocket.handle(h, handle)));
    System.out.write(output, 0, output.length);
    System.out.flush();
    return ExitCode.TRUSTED;
  }
}
