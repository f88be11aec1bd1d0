package dev.keystead.cli.ca;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.control.ca.AuthorityFolder.Issued;
import dev.keystead.evidence.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keystead ca list}. */
@Command(name = "list", description = "What has been certified with create, and what is revoked.")
final class CaListCommand implements Callable<Integer> {
  @Mixin private AuthorityOption authority;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException {
    List<Issued> all = authority.open().list();
    output.print(
        Json.array(all.stream().map(CaListCommand::json).toList()),
        all.stream().map(CaListCommand::line).toList());
    return ExitCode.TRUSTED;
  }

  private static Json json(Issued issued) {
    return Json.object()
        .put("subject", issued.certificate().getSubjectX500Principal().getName())
        .put("serial", issued.certificate().getSerialNumber().toString())
        .put("notAfter", issued.certificate().getNotAfter().toInstant().toString())
        .put("revoked", issued.revoked())
        .build();
  }

  private static String line(Issued issued) {
    return "%-8s %s  %s  until %s"
        .formatted(
            issued.revoked() ? "revoked" : "good",
            issued.certificate().getSerialNumber(),
            issued.certificate().getSubjectX500Principal().getName(),
            issued.certificate().getNotAfter().toInstant());
  }
}
