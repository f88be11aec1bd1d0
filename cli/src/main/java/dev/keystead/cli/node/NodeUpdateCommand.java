package dev.keystead.cli.node;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.keylime.AgentId;
import dev.keystead.tenant.AddRequest;
import dev.keystead.tenant.Enrolled;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keystead node update}. */
@Command(
    name = "update",
    description = {
      "Enrol a node anew that is under watch, with other policies or another payload. The options"
          + " are those of node add; nothing of the old enrolment stays."
    })
final class NodeUpdateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ID", converter = Owner.Id.class, description = "The agent's id.")
  private AgentId id;

  @Mixin private Enrolment enrolment;
  @Mixin private Owner owner;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException {
    AddRequest request = enrolment.request(id);
    Enrolled enrolled = owner.as(tenant -> tenant.update(request, Enrolment.progress(output)));
    Enrolment.print(enrolled, output);
    return ExitCode.TRUSTED;
  }
}
