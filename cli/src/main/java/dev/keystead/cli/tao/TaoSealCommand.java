package dev.keystead.cli.tao;

import dev.keystead.claims.KeyPrincipal;
import dev.keystead.cli.ExitCode;
import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.Tao;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code keystead tao seal}. */
@Command(
    name = "seal",
    description = "Encrypt so that only this host decrypts, and only for whom the policy names.")
final class TaoSealCommand implements Callable<Integer> {
  @Mixin private TaoCommand.HostOption host;
  @Mixin private Streams.In in;
  @Mixin private Streams.Out out;

  @Option(
      names = "--for",
      paramLabel = "POLICY",
      defaultValue = "self",
      converter = Policy.class,
      description = {
        "self: programs with exactly this measurement; approved: any that the owner has approved;"
            + " PUBLISHER/PRODUCT/VERSION: this one, and what the publisher (key(...)) signs as the"
            + " product in that version or later (default: self)."
      })
  private SealPolicy policy;

  @Override
  public Integer call() {
    byte[] data = in.read(Tao.MAX_SEALED, "what to seal");
    try {
      out.write(host.ask(tao -> tao.seal(data, policy)).bytes());
    } finally {
      Arrays.fill(data, (byte) 0);
    }
    return ExitCode.TRUSTED;
  }

  /** Parses policies on the command line. */
  static final class Policy implements ITypeConverter<SealPolicy> {
    @Override
    public SealPolicy convert(String text) {
      String[] parts = text.split("/", -1);
      try {
        if (text.equals("self")) {
          return new SealPolicy.ThisMeasurement();
        } else if (text.equals("approved")) {
          return new SealPolicy.AnyApproved();
        } else if (parts.length == 3) {
          return new SealPolicy.UpgradeSet(
              KeyPrincipal.parse(parts[0]), parts[1], Long.parseLong(parts[2]));
        }
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
      throw new TypeConversionException("a policy is self, approved or PUBLISHER/PRODUCT/VERSION");
    }
  }
}
