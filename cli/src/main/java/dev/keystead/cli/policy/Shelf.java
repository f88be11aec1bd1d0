package dev.keystead.cli.policy;

import dev.keystead.cli.node.Owner;
import dev.keystead.tenant.NamedPolicies;
import dev.keystead.tenant.PolicyKind;
import java.io.IOException;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which of the verifier's named policies are meant. */
final class Shelf {
  @Option(
      names = "--boot",
      description = "Policies for boots; without it, runtime policies are meant.")
  private boolean boot;

  @Mixin private Owner owner;

  PolicyKind kind() {
    return boot ? PolicyKind.BOOT : PolicyKind.RUNTIME;
  }

  <T> T as(Function<NamedPolicies, T> order) throws IOException {
    return owner.as(tenant -> order.apply(tenant.policies()));
  }
}
