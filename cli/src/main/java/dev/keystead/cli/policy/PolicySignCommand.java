package dev.keystead.cli.policy;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.InputFile;
import dev.keystead.cli.OutputFile;
import dev.keystead.http.tls.KeyPairs;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.tenant.policy.PolicySigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keystead policy sign}. */
@Command(name = "sign", description = "Sign a runtime policy (DSSE), for Keylime's tools and ours.")
final class PolicySignCommand implements Callable<Integer> {
  /** How the signature names its key. */
  enum KeyForm {
    /** By its hash. */
    ECDSA,
    /** By a certificate. */
    X509
  }

  @Parameters(paramLabel = "POLICY", description = "The runtime policy.")
  private Path policy;

  @Option(
      names = {"-k", "--key"},
      paramLabel = "FILE",
      description = "The private key, ECDSA on P-256 in PEM.")
  private @Nullable Path key;

  @Option(
      names = "--new-key",
      paramLabel = "FILE",
      description = "Make a new private key and write it here (0600).")
  private @Nullable Path newKey;

  @Option(
      names = "--key-form",
      paramLabel = "ecdsa|x509",
      defaultValue = "ecdsa",
      description = "How the key is named: by its hash, or by a new certificate for it.")
  private KeyForm keyForm;

  @Option(
      names = {"-c", "--verifier"},
      paramLabel = "FILE",
      description = "Write here what to verify with: the public key or the certificate.")
  private @Nullable Path verifier;

  @Mixin private Result result;

  @Override
  public Integer call() throws IOException {
    if ((key == null) == (newKey == null)) {
      throw CommandException.usage("give either --key FILE or --new-key FILE");
    }
    if (keyForm == KeyForm.X509 && verifier == null) {
      throw CommandException.usage(
          "with --key-form x509, give --verifier FILE for the certificate");
    }
    byte[] content = InputFile.read(policy, InputFile.POLICY, "the policy");
    KeyPair pair = pair();
    PolicySigner signer =
        keyForm == KeyForm.X509
            ? PolicySigner.ofCertificate(pair, InstantSource.system().instant())
            : PolicySigner.ofKey(pair);
    byte[] signed = signer.sign(content).toJson().toBytes();
    if (newKey != null) {
      PrivateFiles.write(newKey, PrivateKeys.toPem(pair.getPrivate()));
    }
    if (verifier != null) {
      OutputFile.write(verifier, signer.verifier().getBytes(StandardCharsets.US_ASCII));
    }
    result.write(signed, "signed");
    return ExitCode.TRUSTED;
  }

  private KeyPair pair() {
    if (key != null) {
      byte[] pem = InputFile.read(key, InputFile.SMALL, "the key");
      return KeyPairs.fromPem(new String(pem, StandardCharsets.ISO_8859_1));
    }
    if (newKey != null && Files.exists(newKey)) {
      throw CommandException.failed("%s exists already, and is not overwritten".formatted(newKey));
    }
    return PolicySigner.newKey();
  }
}
