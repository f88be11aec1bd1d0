package dev.keystead.cli.attestation;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.InputFile;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.node.host.setup.PolicyKeyFile;
import dev.keystead.tao.Attestation;
import dev.keystead.tao.attestation.AttestationException;
import dev.keystead.tao.attestation.AttestationVerifier;
import dev.keystead.tao.attestation.VerifiedAttestation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keystead attestation verify}. */
@Command(
    name = "verify",
    description = {
      "Verify every link from the policy key to what a program said, and print it.",
      "Nothing but the file and the policy key is needed. The answer is 0 only when all of it"
          + " holds now, and the program and the nonce are those that were asked for."
    })
final class AttestationVerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The attestation.")
  private Path file;

  @Option(
      names = "--policy-key",
      required = true,
      paramLabel = "FILE",
      description = "The policy key, PEM.")
  private Path policyKey;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The program that has to have said it, by its whole name.")
  private @Nullable String name;

  @Option(names = "--nonce", paramLabel = "HEX", description = "The nonce that has to be in it.")
  private @Nullable String nonce;

  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    byte[] bytes = InputFile.read(file, Attestation.MAX_SIZE, "the attestation");
    VerifiedAttestation verified;
    try {
      verified =
          new AttestationVerifier(PolicyKeyFile.read(policyKey))
              .verify(attestation(bytes), InstantSource.system().instant());
    } catch (AttestationException e) {
      throw refused(e);
    }
    require("said by", name, verified.name().text());
    HexFormat hex = HexFormat.of();
    String saidNonce = verified.nonce().map(hex::formatHex).orElse("");
    require("with the nonce", nonce, saidNonce);
    print(verified, saidNonce);
    return ExitCode.TRUSTED;
  }

  private static Attestation attestation(byte[] bytes) {
    try {
      return new Attestation(bytes);
    } catch (IllegalArgumentException e) {
      throw CommandException.unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static CommandException refused(AttestationException e) {
    String words = "not verified (%s): %s".formatted(e.reason(), e.getMessage());
    return e.reason() == AttestationException.Reason.MALFORMED
        ? CommandException.unreadable(words)
        : CommandException.failed(words);
  }

  private static void require(String what, @Nullable String expected, String said) {
    if (expected != null && !expected.equals(said)) {
      throw CommandException.failed("not verified: %s %s".formatted(what, said));
    }
  }

  private void print(VerifiedAttestation verified, String saidNonce) {
    String data = new String(verified.data(), StandardCharsets.UTF_8);
    JsonObjectBuilder json =
        Json.object()
            .put("name", verified.name().text())
            .put("context", verified.context())
            .putBytes64("data", verified.data())
            .put("issued", verified.validity().issuedAt().toString())
            .put("expires", verified.validity().expires().toString());
    List<String> lines = new ArrayList<>();
    lines.add("name     " + verified.name());
    lines.add("context  " + verified.context());
    lines.add("data     " + data);
    lines.add("issued   " + verified.validity().issuedAt());
    lines.add("expires  " + verified.validity().expires());
    if (!saidNonce.isEmpty()) {
      json.put("nonce", saidNonce);
      lines.add("nonce    " + saidNonce);
    }
    output.print(json.build(), lines);
  }
}
