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

/** {@code keystead node add}. */
@Command(
    name = "add",
    description = {
      "Put a registered node under watch: prove its identity, give the verifier policies and one"
          + " half of the key, the node the other half and the payload.",
      "The TPM maker has to be one of --ek-roots, unless --unendorsed says that none is needed."
    })
final class NodeAddCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ID", converter = Owner.Id.class, description = "The agent's id.")
  private AgentId id;

  @Mixin private Enrolment enrolment;
  @Mixin private Owner owner;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() throws IOException {
    AddRequest request = enrolment.request(id);
    Enrolled enrolled = owner.as(tenant -> tenant.add(request, Enrolment.progress(output)));
    Enrolment.print(enrolled, output);
    return ExitCode.TRUSTED;
  }
}
