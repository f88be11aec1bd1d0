package dev.keystead.cli.tao;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.tao.AttestRequest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keystead tao attest}. */
@Command(
    name = "attest",
    description = {
      "Have the host sign that this program said these bytes, at most 16,384.",
      "The attestation holds all that keystead attestation verify needs beside the policy key."
    })
final class TaoAttestCommand implements Callable<Integer> {
  @Mixin private TaoCommand.HostOption host;
  @Mixin private Streams.In in;
  @Mixin private Streams.Out out;

  @Option(
      names = "--context",
      paramLabel = "TEXT",
      defaultValue = AttestRequest.DATA,
      description = "What the bytes are (default: ${DEFAULT-VALUE}).")
  private String context;

  @Option(
      names = "--nonce",
      paramLabel = "HEX",
      description = "From whoever will verify, 8 to 64 bytes.")
  private @Nullable String nonce;

  @Override
  public Integer call() {
    byte[] data = in.read(AttestRequest.MAX_DATA, "what to attest");
    AttestRequest request =
        new AttestRequest(context, data, Optional.ofNullable(nonce).map(TaoAttestCommand::bytes));
    out.write(host.ask(tao -> tao.attest(request)).bytes());
    return ExitCode.TRUSTED;
  }

  private static byte[] bytes(String hex) {
    try {
      return HexFormat.of().parseHex(hex);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--nonce is not hexadecimal: " + e.getMessage());
    }
  }
}
