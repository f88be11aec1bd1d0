package dev.keystead.cli.ca;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import java.io.IOException;
import java.security.cert.X509CRL;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keystead ca crl}. */
@Command(name = "crl", description = "Sign the list of what is revoked anew: cacrl.der, cacrl.pem.")
final class CaCrlCommand implements Callable<Integer> {
  @Mixin private AuthorityOption authority;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException {
    X509CRL crl = authority.open().renew();
    int revoked = crl.getRevokedCertificates() == null ? 0 : crl.getRevokedCertificates().size();
    output.print(
        Json.object()
            .put("thisUpdate", crl.getThisUpdate().toInstant().toString())
            .put("revoked", revoked)
            .build(),
        List.of("%d revoked, as of %s".formatted(revoked, crl.getThisUpdate().toInstant())));
    return ExitCode.TRUSTED;
  }
}
