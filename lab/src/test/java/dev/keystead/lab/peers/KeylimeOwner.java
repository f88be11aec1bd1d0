package dev.keystead.lab.peers;

import java.io.IOException;
import java.nio.file.Path;

/** Keylime's tenant gives the orders. */
record KeylimeOwner(KeylimeTenant tenant, Path authority) implements Journey.Owner {
  private static final String POLICY = "files";

  @Override
  public void name(Path policy) throws IOException, InterruptedException {
    var _ =
        tenant.order(
            "addruntimepolicy",
            "--runtime-policy-name",
            POLICY,
            "--runtime-policy",
            policy.toString());
  }

  @Override
  public void rename(Path policy) throws IOException, InterruptedException {
    var _ =
        tenant.order(
            "updateruntimepolicy",
            "--runtime-policy-name",
            POLICY,
            "--runtime-policy",
            policy.toString());
  }

  @Override
  public void add(Machine machine, Path include) throws IOException, InterruptedException {
    var _ = tenant.add(machine.id(), POLICY, authority, include);
  }

  @Override
  public void reactivate(Machine machine) throws IOException, InterruptedException {
    var _ = tenant.order("reactivate", "-u", machine.id().value());
  }

  @Override
  public void delete(Machine machine) throws IOException, InterruptedException {
    var _ = tenant.order("delete", "-u", machine.id().value());
    var _ = tenant.order("regdelete", "-u", machine.id().value());
  }
}
