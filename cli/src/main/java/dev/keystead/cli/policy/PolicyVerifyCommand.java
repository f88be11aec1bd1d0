package dev.keystead.cli.policy;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.InputFile;
import dev.keystead.cli.OutputFile;
import dev.keystead.evidence.policy.Dsse;
import dev.keystead.evidence.policy.RuntimePolicy;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.Pem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keystead policy verify}. */
@Command(
    name = "verify",
    description = "Check the signature of a policy: 0 if one of the keys made it, 1 if not.")
final class PolicyVerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "SIGNED", description = "The signed policy (DSSE).")
  private Path signed;

  @Option(
      names = {"-k", "--key"},
      paramLabel = "FILE",
      required = true,
      description = "A public key or certificate that you trust, in PEM; may be given repeatedly.")
  private List<Path> keys;

  @Option(
      names = "--extract",
      paramLabel = "FILE",
      description = "Write the policy that was signed here, once it is verified.")
  private @Nullable Path extract;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    Dsse envelope = Dsse.parse(InputFile.read(signed, InputFile.POLICY, "the signed policy"));
    byte[] policy = envelope.verify(keys.stream().map(PolicyVerifyCommand::key).toList());
    int files = RuntimePolicy.parse(policy).fileCount();
    if (extract != null) {
      OutputFile.write(extract, policy);
    }
    command
        .commandLine()
        .getOut()
        .printf("%s: signed by a trusted key, a policy of %d files%n", signed, files);
    command.commandLine().getOut().flush();
    return ExitCode.TRUSTED;
  }

  private static PublicKey key(Path file) {
    String pem =
        new String(InputFile.read(file, InputFile.SMALL, "the key"), StandardCharsets.ISO_8859_1);
    try {
      if (pem.contains("BEGIN CERTIFICATE")) {
        return Certificates.oneFromPem(pem).getPublicKey();
      }
      List<Pem.Block> blocks = Pem.parse(pem);
      if (blocks.size() == 1 && blocks.getFirst().label().equals("PUBLIC KEY")) {
        return KeyFactory.getInstance("EC")
            .generatePublic(new X509EncodedKeySpec(blocks.getFirst().der()));
      }
    } catch (CredentialException | GeneralSecurityException e) {
      throw CommandException.unreadable(
          "the key %s cannot be read: %s".formatted(file, e.getMessage()));
    }
    throw CommandException.unreadable(
        "the key %s is neither a PEM public key nor a certificate".formatted(file));
  }
}
