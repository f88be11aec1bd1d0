package dev.keystead.cli.ca;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.control.ca.AuthorityFolder;
import java.io.IOException;
import java.math.BigInteger;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keystead ca revoke}. */
@Command(
    name = "revoke",
    description = {
      "Take a certificate back, for good. The list cacrl.der is signed anew; servers that run with"
          + " it refuse the certificate from then on."
    })
final class CaRevokeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", arity = "0..1", description = "The name it was made under.")
  private @Nullable String name;

  @Option(names = "--serial", paramLabel = "NUMBER", description = "Its serial number, decimal.")
  private @Nullable BigInteger serial;

  @Mixin private AuthorityOption authority;

  @Override
  public Integer call() throws IOException {
    AuthorityFolder folder = authority.open();
    if (name != null && serial == null) {
      folder.revoke(folder.find(name).getSerialNumber());
    } else if (name == null && serial != null) {
      folder.revoke(serial);
    } else {
      throw CommandException.usage("either NAME or --serial says which certificate");
    }
    return ExitCode.TRUSTED;
  }
}
