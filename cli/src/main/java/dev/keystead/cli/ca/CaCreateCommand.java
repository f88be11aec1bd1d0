package dev.keystead.cli.ca;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.Purpose;
import dev.keystead.http.tls.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keystead ca create}. */
@Command(
    name = "create",
    description = {
      "Certify a new key, as the folder's policy.json allows. Key and certificate are left in the"
          + " folder as NAME-private.pem and NAME-cert.crt. A node's certificate is marked as one"
          + " and never taken for an owner's."
    })
final class CaCreateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "The common name: a node's id.")
  private String name;

  @Option(
      names = "--dns",
      paramLabel = "NAME",
      description = "A DNS name of the node; more than once for more.")
  private List<String> dns = List.of();

  @Option(
      names = "--address",
      paramLabel = "IP",
      description = "An address of the node; more than once for more.")
  private List<String> addresses = List.of();

  @Option(
      names = "--key",
      paramLabel = "TYPE",
      defaultValue = "EC_P256",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private KeyType key;

  @Option(
      names = "--purpose",
      paramLabel = "PURPOSE",
      defaultValue = "BOTH",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Purpose purpose;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "365",
      description = "How long it is valid (default: ${DEFAULT-VALUE}).")
  private int days;

  @Option(names = "--owner", description = "For an owner and not for a node.")
  private boolean owner;

  @Mixin private AuthorityOption authority;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException {
    if (days < 1) {
      throw CommandException.usage("--days is at least 1");
    }
    Subject subject =
        new Subject(
            name,
            dns,
            addresses.stream().map(CaCreateCommand::address).toList(),
            owner ? Optional.empty() : Optional.of(Subject.NODE_UNIT));
    X509Certificate certificate =
        authority.open().issue(name, subject, key, purpose, Duration.ofDays(days)).certificate();
    Json.Obj made =
        Json.object()
            .put("subject", certificate.getSubjectX500Principal().getName())
            .put("serial", certificate.getSerialNumber().toString())
            .put("notAfter", certificate.getNotAfter().toInstant().toString())
            .build();
    output.print(
        made,
        List.of(
            "certified %s, serial number %s, until %s"
                .formatted(
                    certificate.getSubjectX500Principal().getName(),
                    certificate.getSerialNumber(),
                    certificate.getNotAfter().toInstant())));
    return ExitCode.TRUSTED;
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--address is an IP address");
    }
  }
}
