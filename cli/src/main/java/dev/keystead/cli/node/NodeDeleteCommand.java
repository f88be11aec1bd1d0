package dev.keystead.cli.node;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.keylime.AgentId;
import dev.keystead.tenant.Deleted;
import dev.keystead.tenant.Removal;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keystead node delete}. */
@Command(name = "delete", description = "Stop watching a node and forget it at the verifier.")
final class NodeDeleteCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ID", converter = Owner.Id.class, description = "The agent's id.")
  private AgentId id;

  @Option(
      names = "--registrar-too",
      description = "Forget its registration as well; it then has to register anew.")
  private boolean registrarToo;

  @Mixin private Owner owner;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException {
    Deleted deleted = owner.as(tenant -> tenant.delete(id, registrarToo));
    output.print(
        Json.object()
            .put("id", id.value())
            .put("atVerifier", words(deleted.atVerifier()))
            .put("atRegistrar", words(deleted.atRegistrar()))
            .build(),
        List.of(
            "at the verifier: " + words(deleted.atVerifier()),
            "at the registrar: " + words(deleted.atRegistrar())));
    return ExitCode.TRUSTED;
  }

  private static String words(Removal removal) {
    return removal.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
